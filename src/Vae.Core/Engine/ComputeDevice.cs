namespace Vae.Core.Engine;

/// <summary>The device tensors live on, and why it was taken.</summary>
/// <param name="Device">The tensor library's device.</param>
/// <param name="Reason">In words, for the log: "no CUDA device was found" for example.</param>
internal sealed record ComputeDevice(Device Device, string Reason)
{
    /// <summary>Whether tensors live in ordinary memory.</summary>
    public bool IsCpu => Device.type == DeviceType.CPU;

    /// <summary>"cpu" or "cuda:0".</summary>
    public string Name => IsCpu ? "cpu" : string.Create(CultureInfo.InvariantCulture, $"cuda:{Math.Max(0, Device.index)}");

    /// <summary>Chooses the device: "auto" takes the first CUDA device where there is one, "cpu", "cuda" and "cuda:n" insist.</summary>
    /// <exception cref="VaeException">Usage for other words; Unavailable for a CUDA device that is not there.</exception>
    /// <exception cref="DllNotFoundException">The tensor library does not load.</exception>
    public static ComputeDevice Choose(string request)
    {
        TensorLibrary.Load();
        switch (request)
        {
            case "cpu":
                return new ComputeDevice(CPU, "asked for");
            case "auto":
                return cuda.is_available()
                    ? new ComputeDevice(Cuda(0), "a CUDA device is there")
                    : new ComputeDevice(CPU, "no CUDA device is there");
        }

        int index = CudaIndex(request)
            ?? throw new VaeException(FailureKind.Usage, $"'{request}' is no device; use auto, cpu, cuda or cuda:N");
        if (!cuda.is_available())
        {
            throw new VaeException(
                FailureKind.Unavailable,
                $"device '{request}' was asked for, but this libtorch finds no CUDA device; "
                + "use --device cpu, or install an NVIDIA driver and a CUDA build of libtorch");
        }

        int count = cuda.device_count();
        if (index >= count)
        {
            throw new VaeException(
                FailureKind.Unavailable,
                $"device '{request}' was asked for, but the last CUDA device is cuda:{(count - 1).ToString(CultureInfo.InvariantCulture)}");
        }

        return new ComputeDevice(Cuda(index), "asked for");
    }

    private static Device Cuda(int index)
    {
        ComputePrecision.AllowTensorFloat32(false); // unless asked for
        return new Device(DeviceType.CUDA, index);
    }

    private static int? CudaIndex(string request)
    {
        if (request == "cuda")
        {
            return 0;
        }

        const string prefix = "cuda:";
        return request.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(request.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? index
            : null;
    }
}
