namespace Vae.Core.Training;

/// <summary>Stochastic gradient descent with momentum, by the tensor library.</summary>
public sealed class SgdModelOptimizer : LibraryOptimizer<SGD.State>
{
    private readonly bool _hasMomentum;

    /// <summary>Creates the state for the model's parameters. The model must not move to another device afterwards.</summary>
    /// <param name="model">The model.</param>
    /// <param name="learningRate">Step size of the first updates.</param>
    /// <param name="momentum">Share of the last step that the next one keeps.</param>
    /// <param name="nesterov">Whether the gradient counts where the momentum leads to.</param>
    public SgdModelOptimizer(nn.Module model, double learningRate, double momentum, bool nesterov)
        : base(model, parameters => optim.SGD(parameters, learningRate, momentum, nesterov: nesterov))
    {
        _hasMomentum = momentum > 0;
        if (!_hasMomentum)
        {
            return;
        }

        // The library makes the buffers at the first step, as a copy of the gradient. From zeros the first step comes to the same, and a
        // checkpoint has something to be read into.
        using IDisposable noGradient = no_grad();
        foreach ((SGD.State state, Parameter parameter) in States.Zip(model.named_parameters().Select(pair => pair.parameter)))
        {
            state.momentum_buffer = zeros_like(parameter).DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public override long StepCount { get; set; }

    /// <inheritdoc/>
    public override void Step()
    {
        base.Step();
        StepCount++;
    }

    private protected override IEnumerable<(string Name, Tensor Value)> Tensors(SGD.State state) =>
        _hasMomentum ? [("momentum_buffer", state.momentum_buffer!)] : [];
}
