using static TorchSharp.torch;

namespace Vae.Core.Engine;

/// <summary>
/// Has the tensor library compute matrix products and convolutions in bfloat16 while weights stay float32. TorchSharp has nothing of the
/// kind; <see cref="Acceleration.Autocast"/> says where it comes from.
/// </summary>
public interface IAutocast
{
    /// <summary>Why it cannot, in words; null where it can.</summary>
    string? Obstacle(Device device);

    /// <summary>On this thread, until the result is disposed of.</summary>
    IDisposable BFloat16(Device device);
}

/// <summary>What there is where the tensor library has no such mode.</summary>
public sealed class NoAutocast : IAutocast
{
    private const string Reason = "this tensor library has no automatic casts";

    /// <inheritdoc/>
    public string? Obstacle(Device device) => Reason;

    /// <inheritdoc/>
    public IDisposable BFloat16(Device device) => throw new NotSupportedException(Reason);
}
