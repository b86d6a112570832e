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
        Parameters.Gradients.Tensor.zero_();
        value.Loss.mean().backward();
        using IDisposable noGradient = no_grad();
        Tensor sums = stack([value.Loss.sum(), value.Terms.Reconstruction().sum(), value.Terms.Kl().sum()]).to_type(ScalarType.Float32);
        return new StepSums { Pending = sums.DetachFromDisposeScope() };
    }

    public override void Dispose()
    {
    }

    /// <summary>The batch as tensors of the model's type, float64 where the last digits matter.</summary>
    protected virtual Batch Load() => problem.Loader.Load(Images, Epoch).To(Parameters.Values.Tensor.dtype);
}
