using Vae.Core.Training.Optimizers;

namespace Vae.Core.Training;

/// <summary>A copy of everything that an update changes, so that updates can be tried.</summary>
internal sealed class ModelState : IDisposable
{
    private readonly FlatOptimizer _optimizer;
    private readonly long _stepCount;
    private readonly (Tensor Live, Tensor Copy)[] _entries;

    /// <summary>Takes the copy.</summary>
    public ModelState(nn.Module model, FlatOptimizer optimizer)
    {
        _optimizer = optimizer;
        _stepCount = optimizer.StepCount;
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        IEnumerable<Tensor> live =
        [
            .. model.named_parameters().Select(pair => (Tensor)pair.parameter),
            .. model.named_buffers().Select(pair => pair.buffer),
            .. optimizer.State().Select(pair => pair.Value),
        ];
        _entries = [.. live.Select(tensor => (tensor, tensor.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>Writes the copy back, into the very tensors it was taken from.</summary>
    public void Restore()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((Tensor live, Tensor copy) in _entries)
        {
            live.copy_(copy);
        }

        _optimizer.StepCount = _stepCount;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor copy) in _entries)
        {
            copy.Dispose();
        }
    }
}
