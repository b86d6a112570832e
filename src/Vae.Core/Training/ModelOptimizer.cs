using TorchSharp.Modules;
using static TorchSharp.torch;

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

/// <summary>Adam (Kingma and Ba 2015), by the tensor library.</summary>
public sealed class AdamModelOptimizer : ModelOptimizer
{
    private readonly string[] _names;
    private readonly Adam _adam;

    /// <summary>Creates the state for the model's parameters. The model must not move to another device afterwards.</summary>
    public AdamModelOptimizer(nn.Module model, double learningRate, double beta1, double beta2, double epsilon)
    {
        (string Name, Parameter Value)[] parameters = [.. model.named_parameters().Select(pair => (pair.name, pair.parameter))];
        _names = [.. parameters.Select(parameter => parameter.Name)];
        _adam = optim.Adam(parameters.Select(parameter => parameter.Value).ToArray(), learningRate, beta1, beta2, epsilon);
    }

    /// <inheritdoc/>
    public override double LearningRate
    {
        get => _adam.ParamGroups.First().LearningRate;
        set
        {
            foreach (optim.ILearningRateController group in _adam.ParamGroups)
            {
                group.LearningRate = value;
            }
        }
    }

    /// <inheritdoc/>
    public override long StepCount
    {
        get => States().Max(state => state.step);
        set
        {
            foreach (Adam.State state in States())
            {
                state.step = value;
            }
        }
    }

    /// <inheritdoc/>
    public override void ZeroGradient() => _adam.zero_grad();

    /// <inheritdoc/>
    public override void Step() => _adam.step();

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> State() =>
        [.. States().SelectMany((state, i) => new[] { ($"exp_avg.{_names[i]}", state.exp_avg), ($"exp_avg_sq.{_names[i]}", state.exp_avg_sq) })];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _adam.Dispose();
        }
    }

    private IEnumerable<Adam.State> States() => _adam.state_dict().State.Cast<Adam.State>();
}
