using Vae.Core.Engine;
using static TorchSharp.torch;
using Torch = TorchSharp.Interop.NativeMethods;

namespace Vae.Shims.Acceleration;

/// <summary>libtorch's automatic casts.</summary>
public sealed class LibTorchAutocast : IAutocast
{
    /// <inheritdoc/>
    public string? Obstacle(Device device) => null;

    /// <inheritdoc/>
    public IDisposable BFloat16(Device device) => new Casts((int)device.type);

    private sealed class Casts(int device) : IDisposable
    {
        private nint _previous = Torch.Check(NativeMethods.vt_autocast_enter(device, (int)ScalarType.BFloat16));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _previous, 0) is var previous and not 0)
            {
                Torch.Check(NativeMethods.vt_autocast_leave(previous));
            }
        }
    }
}
