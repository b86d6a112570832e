using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vae.Core.Training.Resident;

/// <summary>
/// Adam (Kingma and Ba 2015) or, with weight decay, AdamW (Loshchilov and Hutter 2019), for a recorded step: what changes from update to
/// update lies in tensors of the device, which <see cref="Advance"/> sets before <see cref="Apply"/> reads them. Gradients are put one after the
/// other first, and its averages lie so, since a small kernel costs a GPU as much as its launch: each operation is one for all parameters. Its
/// state has the names of the library's optimizers, so that checkpoints are the same.
/// </summary>
public sealed class CapturableAdam : ModelOptimizer
{
    private readonly nn.Module _model;
    private readonly Entry[] _entries;
    private readonly (string Name, Tensor Value)[] _state; // views
    private readonly AdamOptions _options;
    private readonly double _clip;
    private readonly Tensor _mean;        // [all parameters]
    private readonly Tensor _square;      // [all parameters]
    private readonly Tensor _stepSize;    // −η / (1 − β₁ᵗ), []
    private readonly Tensor _inverseRoot; // 1 / √(1 − β₂ᵗ), []
    private readonly Tensor _kept;        // 1 − η·decay, []

    /// <summary>Starts with no gradient seen. The model must not move to another device afterwards.</summary>
    /// <param name="model">Whose parameters, float32.</param>
    /// <param name="options">Adam's numbers.</param>
    /// <param name="gradientClip">The largest norm of all gradients together; 0 for no limit.</param>
    public CapturableAdam(nn.Module model, AdamOptions options, double gradientClip = 0)
    {
        _model = model;
        _options = options;
        _clip = gradientClip;
        LearningRate = options.LearningRate;
        using IDisposable noGradient = no_grad();
        (string Name, Parameter Weight)[] parameters = [.. model.named_parameters().Select(pair => (pair.name, pair.parameter))];
        Device device = parameters[0].Weight.device;
        long count = parameters.Sum(pair => pair.Weight.numel());
        _mean = Zeros(device, count);
        _square = Zeros(device, count);
        _stepSize = Zeros(device);
        _inverseRoot = Zeros(device);
        _kept = Zeros(device);
        _entries = new Entry[parameters.Length];
        long start = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            _entries[i] = new Entry(parameters[i].Name, parameters[i].Weight, start);
            start += parameters[i].Weight.numel();
        }

        _state =
        [
            .. _entries.Select(entry => ($"exp_avg.{entry.Name}", entry.Of(_mean).DetachFromDisposeScope())),
            .. _entries.Select(entry => ($"exp_avg_sq.{entry.Name}", entry.Of(_square).DetachFromDisposeScope())),
        ];
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
        Tensor gradient = cat([.. _entries.Select(entry => entry.Gradient())], 0);
        if (_clip > 0)
        {
            gradient.mul_(GradientClip.Factor(gradient.norm(), _clip));
        }

        _mean.mul_(_options.Beta1).add_(gradient, alpha: 1 - _options.Beta1);
        _square.mul_(_options.Beta2).addcmul_(gradient, gradient, value: 1 - _options.Beta2);
        Tensor root = _square.sqrt().mul_(_inverseRoot).add_(_options.Epsilon);
        Tensor change = (_mean / root).mul_(_stepSize);
        foreach (Entry entry in _entries)
        {
            if (!entry.HasGradient)
            {
                continue; // no part in this loss
            }

            if (_options.WeightDecay > 0)
            {
                entry.Weight.mul_(_kept);
            }

            entry.Weight.add_(entry.Of(change));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> State() => _state;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        foreach (Tensor tensor in (Tensor[])[.. _state.Select(pair => pair.Value), _mean, _square, _stepSize, _inverseRoot, _kept])
        {
            tensor.Dispose();
        }
    }

    private static Tensor Zeros(Device device, params long[] shape) => zeros(shape, ScalarType.Float32, device).DetachFromDisposeScope();

    /// <summary>A parameter and where its numbers begin in what holds those of all.</summary>
    private sealed record Entry(string Name, Parameter Weight, long Start)
    {
        public bool HasGradient => Weight.grad is not null;

        /// <summary>Its gradient as a row; zeros where it has no part in the loss, which leave averages that were never otherwise as they are.</summary>
        public Tensor Gradient() => Weight.grad is { } gradient ? gradient.reshape(-1) : zeros_like(Weight).reshape(-1);

        /// <summary>Its part of a row of all, in its shape; a view.</summary>
        public Tensor Of(Tensor all) => all.narrow(0, Start, Weight.numel()).view(Weight.shape);
    }
}
