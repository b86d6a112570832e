using TorchSharp;
using Vae.Core.Engine;
using static TorchSharp.torch;

namespace Vae.Core.Tests.Training.Resident;

/// <summary>Stands in for CUDA graphs: recorded work is kept, and done at each replay.</summary>
internal sealed class FakeGraphs : IStepGraphs
{
    /// <summary>What recording does wrong; null for nothing.</summary>
    public string? RecordingFailure { get; init; }

    /// <summary>Whether each replay draws the same numbers.</summary>
    public bool RepeatsDraws { get; init; }

    public int SideStreams { get; private set; }

    public int Recordings { get; private set; }

    public int Replays { get; private set; }

    public string? Obstacle(Device device) => null;

    public IDisposable OnSideStream(Device device)
    {
        SideStreams++;
        return new Nothing();
    }

    public IStepGraph Record(Device device, Action work)
    {
        Recordings++;
        return RecordingFailure is null ? new Graph(this, work) : throw new InvalidOperationException(RecordingFailure);
    }

    private sealed class Graph(FakeGraphs owner, Action work) : IStepGraph
    {
        public void Replay()
        {
            owner.Replays++;
            if (owner.RepeatsDraws)
            {
                using Generator generator = manual_seed(17);
            }

            using DisposeScope scope = NewDisposeScope();
            work();
        }

        public void Dispose()
        {
        }
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
