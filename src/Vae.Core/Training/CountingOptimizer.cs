namespace Vae.Core.Training;

/// <summary>An optimizer of the tensor library that counts its updates for each parameter, as Adam and its kin do.</summary>
/// <typeparam name="TState">What the library keeps for each parameter.</typeparam>
public abstract class CountingOptimizer<TState> : LibraryOptimizer<TState>
    where TState : OptimizerState
{
    private protected CountingOptimizer(nn.Module model, Func<Parameter[], OptimizerHelper> create)
        : base(model, create)
    {
    }

    /// <inheritdoc/>
    public override long StepCount
    {
        get => States.Max(state => StepsOf(state));
        set
        {
            foreach (TState state in States)
            {
                StepsOf(state) = value;
            }
        }
    }

    /// <summary>Where the library counts.</summary>
    private protected abstract ref long StepsOf(TState state);
}
