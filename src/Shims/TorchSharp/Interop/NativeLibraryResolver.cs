using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Finds the native part when the first tensor is used, and says what to do where it is not there.</summary>
internal static class NativeLibraryResolver
{
    private const string Override = "VAE_TORCH_NATIVE";

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "Runs before any P/Invoke, and loads nothing.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == NativeMethods.Library ? Load() : 0;

    /// <summary>The library's handle; loads it where that has not been done.</summary>
    internal static nint Load()
    {
        var path = Environment.GetEnvironmentVariable(Override) is { Length: > 0 } given
            ? given
            : Path.Combine(AppContext.BaseDirectory, FileName);
        if (!File.Exists(path))
        {
            throw new DllNotFoundException($"{path} is missing: run scripts/setup.sh, which builds it from the libtorch of this machine.");
        }

        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // The loader's own words come last, after general advice.
            var reason = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            throw new DllNotFoundException($"{path} cannot be loaded ({reason}): run scripts/setup.sh, which builds it anew.", e);
        }
    }

    private static string FileName =>
        OperatingSystem.IsWindows() ? "vae_torch.dll" :
        OperatingSystem.IsMacOS() ? "libvae_torch.dylib" : "libvae_torch.so";
}
