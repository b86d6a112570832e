namespace Vae.Core.Training;

/// <summary>A rule that turns gradients into updates of a model's parameters, with its state by name so that it can be saved.</summary>
public abstract class ModelOptimizer : IDisposable
{
    /// <summary>Step size of the updates to come.</summary>
    public abstract double LearningRate { get; set; }

    /// <summary>Forgets the gradients of the last update.</summary>
    public abstract void ZeroGradient();

    /// <summary>Updates every parameter from its gradient.</summary>
    public abstract void Step();

    /// <summary>
    /// The state's own tensors by name, "exp_avg.encoder.mean.weight" for example. Writing into them restores the state, together with
    /// <see cref="StepCount"/>.
    /// </summary>
    public abstract IReadOnlyList<(string Name, Tensor Value)> State();

    /// <summary>Updates done, as the rule counts them.</summary>
    public abstract long StepCount { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the state.</summary>
    protected abstract void Dispose(bool disposing);
}
