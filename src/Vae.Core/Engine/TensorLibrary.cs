namespace Vae.Core.Engine;

/// <summary>The native tensor library, some hundred megabytes that are loaded when a device is first chosen.</summary>
internal static class TensorLibrary
{
    /// <summary>
    /// Loads it, as TorchSharp does at its first use. Where TorchSharp cannot, it writes to standard output, copies the packages of this
    /// computer beside the program, and gives no reason; so it is not left to find that out.
    /// </summary>
    /// <exception cref="DllNotFoundException">It does not load, for the loader's reason.</exception>
    public static void Load()
    {
        NativeLibrary.TryLoad("torch_cpu", typeof(Tensor).Assembly, null, out _); // finds it where the package has it, for the other
        NativeLibrary.Load("LibTorchSharp", typeof(Tensor).Assembly, null);
    }
}
