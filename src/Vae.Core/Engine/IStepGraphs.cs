using static TorchSharp.torch;

namespace Vae.Core.Engine;

/// <summary>
/// Records the work of a training step on a GPU once and launches it as a whole from then on (CUDA graphs). TorchSharp has nothing of the
/// kind; <see cref="Acceleration.Graphs"/> says where it comes from.
/// </summary>
public interface IStepGraphs
{
    /// <summary>Why nothing can be recorded, in words; null where it can.</summary>
    string? Obstacle(Device device);

    /// <summary>
    /// Until the result is disposed of, work on the device goes to another stream than the usual one, as recording and what prepares it must.
    /// Waits for the device at both ends.
    /// </summary>
    IDisposable OnSideStream(Device device);

    /// <summary>
    /// Records what <paramref name="work"/> has the device do; nothing of it is done yet. To be called on a side stream. The tensors that the
    /// work reads and writes must stay where they are as long as the graph is used, and it may draw from the device's default generator only.
    /// </summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The work cannot be recorded: it waits for the device, say.</exception>
    IStepGraph Record(Device device, Action work);
}

/// <summary>Recorded work.</summary>
public interface IStepGraph : IDisposable
{
    /// <summary>
    /// Has the device do the work, without waiting for it; its random draws go on from where the default generator stands now.
    /// </summary>
    void Replay();
}

/// <summary>What there is where the tensor library records nothing.</summary>
public sealed class NoStepGraphs : IStepGraphs
{
    private const string Reason = "this tensor library has no CUDA graphs";

    /// <inheritdoc/>
    public string? Obstacle(Device device) => Reason;

    /// <inheritdoc/>
    public IDisposable OnSideStream(Device device) => throw new NotSupportedException(Reason);

    /// <inheritdoc/>
    public IStepGraph Record(Device device, Action work) => throw new NotSupportedException(Reason);
}
