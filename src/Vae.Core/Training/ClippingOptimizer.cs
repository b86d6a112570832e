namespace Vae.Core.Training;

/// <summary>
/// Scales the gradients of all parameters together before each update, so that their common Euclidean norm is at most a limit
/// (Pascanu et al. 2013). It owns the optimizer it goes before.
/// </summary>
/// <param name="model">Whose gradients.</param>
/// <param name="optimizer">What makes updates of them.</param>
/// <param name="maximumNorm">The limit.</param>
public sealed class ClippingOptimizer(nn.Module model, ModelOptimizer optimizer, double maximumNorm) : ModelOptimizer
{
    private readonly Parameter[] _parameters = [.. model.parameters()];

    /// <inheritdoc/>
    public override double LearningRate
    {
        get => optimizer.LearningRate;
        set => optimizer.LearningRate = value;
    }

    /// <inheritdoc/>
    public override long StepCount
    {
        get => optimizer.StepCount;
        set => optimizer.StepCount = value;
    }

    /// <inheritdoc/>
    public override void ZeroGradient() => optimizer.ZeroGradient();

    /// <inheritdoc/>
    public override void Step()
    {
        if (_parameters[0].device_type == TorchSharp.DeviceType.CPU)
        {
            nn.utils.clip_grad_norm_(_parameters, maximumNorm);
        }
        else
        {
            GradientClip.OnDevice(_parameters, maximumNorm);
        }

        optimizer.Step();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> State() => optimizer.State();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            optimizer.Dispose();
        }
    }
}
