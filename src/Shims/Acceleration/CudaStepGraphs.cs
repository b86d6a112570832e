using TorchSharp;
using Vae.Core.Engine;
using static TorchSharp.torch;
using Torch = TorchSharp.Interop.NativeMethods;

namespace Vae.Shims.Acceleration;

/// <summary>CUDA graphs by libtorch's own class for them, which keeps the memory of what was recorded apart.</summary>
public sealed class CudaStepGraphs : IStepGraphs
{
    /// <inheritdoc/>
    public string? Obstacle(Device device) =>
        device.type != DeviceType.CUDA ? "the device is no CUDA device" :
        NativeMethods.vt_graphs_built() == 0 ? "the shim was built without the headers of CUDA's runtime, which a CUDA toolkit has" :
        null;

    /// <inheritdoc/>
    public IDisposable OnSideStream(Device device) => new SideStream(Index(device));

    /// <inheritdoc/>
    public IStepGraph Record(Device device, Action work)
    {
        Graph graph = new(Index(device));
        try
        {
            graph.Record(work);
            return graph;
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    private static int Index(Device device) => Math.Max(0, device.index);

    private sealed class SideStream(int device) : IDisposable
    {
        private nint _previous = Torch.Check(NativeMethods.vt_side_stream_enter(device));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _previous, 0) is var previous and not 0)
            {
                Torch.Check(NativeMethods.vt_side_stream_leave(previous, device));
            }
        }
    }

    private sealed class Graph(int device) : IStepGraph
    {
        private nint _handle = Torch.Check(NativeMethods.vt_graph_create(device));

        public void Record(Action work)
        {
            Torch.Check(NativeMethods.vt_graph_begin(_handle, device));
            try
            {
                work();
            }
            catch
            {
                // The stream must not stay in recording; that ending fails too is no news.
                _ = NativeMethods.vt_graph_end(_handle, device);
                throw;
            }

            Torch.Check(NativeMethods.vt_graph_end(_handle, device));
        }

        public void Replay() => Torch.Check(NativeMethods.vt_graph_replay(_handle, device));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0)
            {
                NativeMethods.vt_graph_release(handle);
            }
        }
    }
}
