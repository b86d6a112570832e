using Vae.Core.Data;
using Vae.Core.Objectives;
using Vae.Core.Training.Optimizers;

namespace Vae.Core.Training.Executors;

/// <summary>The gradients as one would write them on paper, by the tensor library, on whatever device.</summary>
internal class PlainExecutor(TrainingProblem problem) : Executor
{
    public override FlatParameters Parameters { get; } = new(problem.Model);

    public override string Name => "plain autograd";

    public override StepSums Backward(int worker)
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveValue value = problem.Evaluate(problem.Model, Load(), Epoch, Step);
        Tensor sums = value.FigureSums().to_type(ScalarType.Float32);
        Parameters.Gradients.Tensor.zero_();
        value.Loss.mean().backward();
        return StepSums.On(sums.DetachFromDisposeScope());
    }

    public override void Dispose()
    {
    }

    /// <summary>The batch as tensors of the model's type, float64 where the last digits matter.</summary>
    protected virtual Batch Load() => problem.Loader.Load(Images, Epoch).To(Parameters.Values.Tensor.dtype);
}
