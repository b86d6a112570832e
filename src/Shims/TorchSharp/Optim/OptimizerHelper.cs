using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer keeps for one parameter.</summary>
public abstract class OptimizerState
{
    private protected OptimizerState(Parameter parameter) => Parameter = parameter;

    internal Parameter Parameter { get; }

    public abstract void LoadStateDict(OptimizerState source);

    internal abstract void Release();

    /// <summary>A tensor of zeros like the parameter that no dispose scope owns.</summary>
    private protected Tensor Zeros()
    {
        using var noGradient = no_grad();
        return zeros_like(Parameter).DetachFromDisposeScope();
    }

    private protected Tensor Copy(Tensor source) => source.to(Parameter.device, copy: true).DetachFromDisposeScope();
}

public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        LearningRate = source.LearningRate;
        InitialLearningRate = source.InitialLearningRate;
    }
}

/// <summary>Parameters that share their settings.</summary>
public class ParamGroup : optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

public class ParamGroup<TOptions> : ParamGroup
    where TOptions : OptimizerOptions
{
    public ParamGroup(IEnumerable<Parameter> parameters, TOptions options = null!)
    {
        Parameters = parameters;
        Options = options;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}

/// <summary>Base of the optimizers written here: state by parameter, and one update rule.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _state = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper()
    {
    }

    public override void add_param_group(ParamGroup param_group)
    {
        var parameters = param_group.Parameters.ToArray();
        param_group.Parameters = parameters;
        param_group.InitialLearningRate = param_group.LearningRate;
        base.add_param_group(param_group);
        foreach (var parameter in parameters)
        {
            _state.Add(parameter, NewState(parameter, param_group.Options));
        }
    }

    /// <summary>The settings and the state themselves, not copies, in the order of the parameters.</summary>
    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in Groups)
        {
            dictionary.Options.Add(group.Options);
            var indices = new List<int>();
            dictionary.StateIndexRef.Add(indices);
            foreach (var parameter in group.Parameters)
            {
                indices.Add(dictionary.State.Count);
                dictionary.State.Add(_state[parameter]);
            }
        }

        return dictionary;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        if (state_dict.Options.Count != own.Options.Count || state_dict.State.Count != own.State.Count)
        {
            throw new ArgumentException("The optimizer's state is of another number of parameters or groups.", nameof(state_dict));
        }

        foreach (var (target, source) in own.Options.Zip(state_dict.Options).Where(pair => pair.First != pair.Second))
        {
            target.LoadStateDict(source);
        }

        foreach (var (target, source) in own.State.Zip(state_dict.State).Where(pair => pair.First != pair.Second))
        {
            target.LoadStateDict(source);
        }
    }

    private protected override void UpdateAll()
    {
        foreach (var group in Groups)
        {
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is not null)
                {
                    Update(parameter, gradient, group.Options, _state[parameter]);
                }
            }
        }
    }

    private protected override void ReleaseState()
    {
        foreach (var state in _state.Values)
        {
            state.Release();
        }
    }

    private protected abstract OptimizerState NewState(Parameter parameter, OptimizerOptions options);

    /// <summary>Changes one parameter by its gradient. Nothing is recorded, and a scope owns the intermediates.</summary>
    private protected abstract void Update(Parameter parameter, Tensor gradient, OptimizerOptions options, OptimizerState state);

    private protected static Tensor Directed(Tensor gradient, bool? maximize) => maximize == true ? gradient.neg() : gradient;

    private protected static Tensor Decayed(Tensor gradient, Parameter parameter, double? weightDecay) =>
        weightDecay is { } decay and not 0 ? gradient.add(parameter, alpha: decay) : gradient;
}
