namespace Vae.Core.Tests.Support;

/// <summary>Updates by the tensor library's own optimizers, which ours are held to.</summary>
internal sealed class LibraryUpdates : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly TrainConfiguration _train;
    private readonly OptimizerHelper _optimizer;

    public LibraryUpdates(nn.Module model, TrainConfiguration train)
    {
        _parameters = [.. model.parameters()];
        _train = train;
        double rate = train.LearningRate;
        _optimizer = train.Optimizer switch
        {
            AdamConfiguration adam => optim.Adam(_parameters, rate, adam.Beta1, adam.Beta2, adam.Epsilon),
            AdamWConfiguration adam => optim.AdamW(_parameters, rate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay),
            AdamaxConfiguration adam => optim.Adamax(_parameters, rate, adam.Beta1, adam.Beta2, adam.Epsilon),
            SgdConfiguration sgd => optim.SGD(_parameters, rate, sgd.Momentum, nesterov: sgd.Nesterov),
            _ => throw new NotSupportedException($"{train.Optimizer}"),
        };
    }

    /// <summary>Updates every parameter from its gradient.</summary>
    public void Step()
    {
        if (_train.GradientClip > 0)
        {
            nn.utils.clip_grad_norm_(_parameters, _train.GradientClip);
        }

        _optimizer.step();
    }

    public void Dispose() => _optimizer.Dispose();
}
