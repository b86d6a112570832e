using Vae.Core.Data;
using Vae.Core.Data.Sources;
using Vae.Core.Engine;

namespace Vae.Core.Composition;

/// <summary>What a new run waits for before its first step: the tensor library, some hundred megabytes of it, and the images.</summary>
internal static class DeviceAndData
{
    /// <summary>Loads the images while the tensor library is loaded and the device chosen.</summary>
    /// <param name="device">As <see cref="ComputeDevice.Choose"/> takes it.</param>
    /// <param name="configuration">Which images.</param>
    /// <param name="request">Where they are looked for.</param>
    /// <param name="stop">Stops a download.</param>
    /// <exception cref="VaeException">As the parts say; where both fail, that of the device.</exception>
    /// <exception cref="OperationCanceledException">A download was stopped.</exception>
    public static (ComputeDevice Device, DataSplits Splits) Prepare(
        string device, DataConfiguration configuration, DataRequest request, CancellationToken stop)
    {
        using CancellationTokenSource abandon = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<DataSplits> loading = Task.Run(() => configuration.Load(request, abandon.Token), CancellationToken.None);
        ComputeDevice chosen;
        try
        {
            chosen = ComputeDevice.Choose(device);
        }
        catch
        {
            abandon.Cancel();
            ((IAsyncResult)loading).AsyncWaitHandle.WaitOne(); // a download ends at the next read
            throw;
        }

        return (chosen, loading.GetAwaiter().GetResult());
    }
}
