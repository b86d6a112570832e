namespace Vae.Core.Training;

/// <summary>An optimizer of the tensor library over all parameters of a model.</summary>
/// <typeparam name="TState">What the library keeps for each parameter.</typeparam>
public abstract class LibraryOptimizer<TState> : ModelOptimizer
    where TState : OptimizerState
{
    private readonly string[] _names;
    private readonly OptimizerHelper _optimizer;

    /// <summary>Creates the state for the model's parameters. The model must not move to another device afterwards.</summary>
    private protected LibraryOptimizer(nn.Module model, Func<Parameter[], OptimizerHelper> create)
    {
        (string Name, Parameter Value)[] parameters = [.. model.named_parameters().Select(pair => (pair.name, pair.parameter))];
        _names = [.. parameters.Select(parameter => parameter.Name)];
        _optimizer = create([.. parameters.Select(parameter => parameter.Value)]);
    }

    /// <inheritdoc/>
    public override double LearningRate
    {
        get => _optimizer.ParamGroups.First().LearningRate;
        set
        {
            foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
            {
                group.LearningRate = value;
            }
        }
    }

    /// <summary>What the library keeps, in the order of the parameters.</summary>
    private protected IEnumerable<TState> States => _optimizer.state_dict().State.Cast<TState>();

    /// <inheritdoc/>
    public override void ZeroGradient() => _optimizer.zero_grad();

    /// <inheritdoc/>
    public override void Step() => _optimizer.step();

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> State() =>
        [.. States.SelectMany((state, i) => Tensors(state).Select(part => ($"{part.Name}.{_names[i]}", part.Value)))];

    /// <summary>The tensors kept for one parameter, by the library's names.</summary>
    private protected abstract IEnumerable<(string Name, Tensor Value)> Tensors(TState state);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _optimizer.Dispose();
        }
    }
}
