using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW do once weight decay is settled (Kingma and Ba, 2015, algorithm 1; AMSGrad: Reddi et al., 2018).</summary>
internal static class AdamRule
{
    public static void Apply(
        Parameter parameter, Tensor gradient, double rate, (double First, double Second) betas, double epsilon,
        (long Step, Tensor Mean, Tensor Square, Tensor? LargestSquare) state)
    {
        var correction1 = 1 - Math.Pow(betas.First, state.Step);
        var correction2 = 1 - Math.Pow(betas.Second, state.Step);
        state.Mean.mul_(betas.First).add_(gradient, alpha: 1 - betas.First);
        state.Square.mul_(betas.Second).addcmul_(gradient, gradient, value: 1 - betas.Second);
        if (state.LargestSquare is { } largest)
        {
            largest.copy_(largest.maximum(state.Square));
        }

        var second = state.LargestSquare ?? state.Square;
        var denominator = second.sqrt().div_(Math.Sqrt(correction2)).add_(epsilon);
        parameter.addcdiv_(state.Mean, denominator, value: -rate / correction1);
    }
}
