namespace Vae.Core.Training;

/// <summary>The numbers of Adam and its kin.</summary>
/// <param name="LearningRate">Step size of the first updates.</param>
/// <param name="Beta1">Decay of the mean of gradients.</param>
/// <param name="Beta2">Decay of the mean of squared gradients, for Adamax of their maximum.</param>
/// <param name="Epsilon">Added to the root of the mean square, for Adamax to the maximum.</param>
/// <param name="WeightDecay">Share of a weight that a step of AdamW takes off, times the learning rate.</param>
public sealed record AdamOptions(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay = 0);

/// <summary>Adam (Kingma and Ba 2015), by the tensor library.</summary>
public sealed class AdamModelOptimizer(nn.Module model, AdamOptions options) : CountingOptimizer<Adam.State>(
    model, parameters => optim.Adam(parameters, options.LearningRate, options.Beta1, options.Beta2, options.Epsilon))
{
    private protected override ref long StepsOf(Adam.State state) => ref state.step;

    private protected override IEnumerable<(string Name, Tensor Value)> Tensors(Adam.State state) =>
        [("exp_avg", state.exp_avg), ("exp_avg_sq", state.exp_avg_sq)];
}

/// <summary>AdamW (Loshchilov and Hutter 2019), by the tensor library.</summary>
public sealed class AdamWModelOptimizer(nn.Module model, AdamOptions options) : CountingOptimizer<AdamW.State>(
    model,
    parameters => optim.AdamW(parameters, options.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay))
{
    private protected override ref long StepsOf(AdamW.State state) => ref state.step;

    private protected override IEnumerable<(string Name, Tensor Value)> Tensors(AdamW.State state) =>
        [("exp_avg", state.exp_avg), ("exp_avg_sq", state.exp_avg_sq)];
}

/// <summary>Adamax (Kingma and Ba 2015, section 7.1), by the tensor library.</summary>
public sealed class AdamaxModelOptimizer(nn.Module model, AdamOptions options) : CountingOptimizer<Adamax.State>(
    model, parameters => optim.Adamax(parameters, options.LearningRate, options.Beta1, options.Beta2, options.Epsilon))
{
    private protected override ref long StepsOf(Adamax.State state) => ref state.step;

    private protected override IEnumerable<(string Name, Tensor Value)> Tensors(Adamax.State state) =>
        [("exp_avg", state.exp_avg), ("exp_inf", state.exp_inf)];
}
