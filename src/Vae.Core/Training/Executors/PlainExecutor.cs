namespace Vae.Core.Training.Executors;

/// <summary>The gradients as one would write them on paper, by the tensor library, on whatever device.</summary>
internal class PlainExecutor(TrainingProblem problem) : Executor
{
    private Tensor[] _statistics = [];

    public override FlatParameters Parameters { get; } = new(problem.Model);

    public override string Name => "plain autograd";

    public override StepSums Backward(int worker)
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveValue value = problem.Evaluate(problem.Model, Load(), Epoch, Step);
        Parameters.Gradients.Tensor.zero_();
        value.Loss.mean().backward();
        _statistics = [.. value.Terms.Statistics.Select(statistic => statistic.DetachFromDisposeScope())];
        return new StepSums { Pending = value.FigureSums().to_type(ScalarType.Float32).DetachFromDisposeScope() };
    }

    public override void End()
    {
        problem.Model.AfterStep(_statistics, Step);
        Forget();
    }

    public override void Dispose() => Forget();

    private void Forget()
    {
        Array.ForEach(_statistics, statistic => statistic.Dispose());
        _statistics = [];
    }

    /// <summary>The batch as tensors of the model's type, float64 where the last digits matter.</summary>
    protected virtual Batch Load() => problem.Loader.Load(Images, Epoch).To(Parameters.Values.Tensor.dtype);
}
