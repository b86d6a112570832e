using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace Vae.Shims.Acceleration;

/// <summary>The functions of ../TorchSharp/native/step_graph.cpp, in the library that the shim loads.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "vae_torch";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(
        typeof(NativeMethods).Assembly, (name, _, _) => name == Library ? NativeLibraryResolver.Load() : 0);

    [LibraryImport(Library)] internal static partial nint vt_side_stream_enter(int index);
    [LibraryImport(Library)] internal static partial int vt_side_stream_leave(nint previous, int index);

    [LibraryImport(Library)] internal static partial int vt_graphs_built();
    [LibraryImport(Library)] internal static partial nint vt_graph_create(int index);
    [LibraryImport(Library)] internal static partial int vt_graph_begin(nint graph, int index);
    [LibraryImport(Library)] internal static partial int vt_graph_end(nint graph, int index);
    [LibraryImport(Library)] internal static partial int vt_graph_replay(nint graph, int index);
    [LibraryImport(Library)] internal static partial void vt_graph_release(nint graph);

    [LibraryImport(Library)] internal static partial nint vt_autocast_enter(int device, int dtype);
    [LibraryImport(Library)] internal static partial int vt_autocast_leave(nint previous);
}
