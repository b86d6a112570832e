using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vae.Core.Training.Resident;

/// <summary>
/// Adam (Kingma and Ba 2015) or, with weight decay, AdamW (Loshchilov and Hutter 2019), for a recorded step: what changes from update to
/// update lies in tensors of the device, which <see cref="Advance"/> sets before <see cref="Apply"/> reads them. Its state has the names of the
/// library's optimizers, so that checkpoints are the same.
/// </summary>
public sealed class CapturableAdam : ModelOptimizer
{
    private readonly nn.Module _model;
    private readonly (string Name, Parameter Weight, Tensor Mean, Tensor Square)[] _entries;
    private readonly AdamOptions _options;
    private readonly double _clip;
    private readonly Tensor _stepSize;    // −η / (1 − β₁ᵗ), []
    private readonly Tensor _inverseRoot; // 1 / √(1 − β₂ᵗ), []
    private readonly Tensor _kept;        // 1 − η·decay, []

    /// <summary>Starts with no gradient seen. The model must not move to another device afterwards.</summary>
    /// <param name="model">Whose parameters.</param>
    /// <param name="options">Adam's numbers.</param>
    /// <param name="gradientClip">The largest norm of all gradients together; 0 for no limit.</param>
    public CapturableAdam(nn.Module model, AdamOptions options, double gradientClip = 0)
    {
        _model = model;
        _options = options;
        _clip = gradientClip;
        LearningRate = options.LearningRate;
        using IDisposable noGradient = no_grad();
        _entries = [.. model.named_parameters().Select(pair => (pair.name, pair.parameter, Zeros(pair.parameter), Zeros(pair.parameter)))];
        Device device = _entries[0].Weight.device;
        _stepSize = Number(device);
        _inverseRoot = Number(device);
        _kept = Number(device);
    }

    /// <inheritdoc/>
    public override double LearningRate { get; set; }

    /// <inheritdoc/>
    public override long StepCount { get; set; }

    /// <inheritdoc/>
    public override void ZeroGradient() => _model.zero_grad();

    /// <inheritdoc/>
    public override void Step()
    {
        Advance();
        Apply();
    }

    /// <summary>Counts an update and brings its numbers to the device.</summary>
    public void Advance()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        StepCount++;
        _stepSize.fill_(-LearningRate / (1 - Math.Pow(_options.Beta1, StepCount)));
        _inverseRoot.fill_(1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, StepCount)));
        _kept.fill_(1 - (LearningRate * _options.WeightDecay));
    }

    /// <summary>Updates every parameter from its gradient, with work on the device alone.</summary>
    public void Apply()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (_clip > 0)
        {
            GradientClip.OnDevice([.. _entries.Select(entry => entry.Weight)], _clip);
        }

        foreach ((_, Parameter weight, Tensor mean, Tensor square) in _entries)
        {
            if (weight.grad is not { } gradient)
            {
                continue; // no part in this loss
            }

            mean.mul_(_options.Beta1).add_(gradient, alpha: 1 - _options.Beta1);
            square.mul_(_options.Beta2).addcmul_(gradient, gradient, value: 1 - _options.Beta2);
            Tensor root = square.sqrt().mul_(_inverseRoot).add_(_options.Epsilon);
            if (_options.WeightDecay > 0)
            {
                weight.mul_(_kept);
            }

            weight.addcmul_(mean / root, _stepSize, value: 1);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> State() =>
        [.. _entries.SelectMany(entry => ((string, Tensor)[])[($"exp_avg.{entry.Name}", entry.Mean), ($"exp_avg_sq.{entry.Name}", entry.Square)])];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        foreach ((_, _, Tensor mean, Tensor square) in _entries)
        {
            mean.Dispose();
            square.Dispose();
        }

        _stepSize.Dispose();
        _inverseRoot.Dispose();
        _kept.Dispose();
    }

    private static Tensor Zeros(Tensor like) => zeros_like(like).DetachFromDisposeScope();

    private static Tensor Number(Device device) => zeros([], ScalarType.Float32, device).DetachFromDisposeScope();
}
