using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[module: SkipLocalsInit]

namespace TorchSharp.Interop;

/// <summary>
/// The functions of native/vae_torch.cpp. All arguments are blittable. Those marked <see cref="SuppressGCTransitionAttribute"/>
/// read a field or two and never block, allocate or fail.
/// </summary>
internal static unsafe partial class NativeMethods
{
    internal const string Library = "vae_torch";

    [LibraryImport(Library)] internal static partial byte* vt_last_error();
    [LibraryImport(Library)] internal static partial byte* vt_version();

    [LibraryImport(Library)] internal static partial nint vt_operator(byte* name, byte* overload);

    [LibraryImport(Library)]
    internal static partial int vt_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);

    [LibraryImport(Library)] internal static partial void vt_free(nint memory);

    [LibraryImport(Library)] internal static partial void vt_tensor_release(nint handle);
    [LibraryImport(Library)] internal static partial nint vt_tensor_share(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long vt_tensor_dim(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long vt_tensor_numel(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long vt_tensor_element_size(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int vt_tensor_dtype(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void vt_tensor_device(nint handle, int* type, int* index);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void vt_tensor_sizes(nint handle, long* sizes, long* strides);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long vt_tensor_storage_offset(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int vt_tensor_is_contiguous(nint handle);
    [LibraryImport(Library)] internal static partial nint vt_tensor_data(nint handle);
    [LibraryImport(Library)] internal static partial int vt_tensor_requires_grad(nint handle);
    [LibraryImport(Library)] internal static partial int vt_tensor_set_requires_grad(nint handle, int value);
    [LibraryImport(Library)] internal static partial int vt_tensor_is_leaf(nint handle);
    [LibraryImport(Library)] internal static partial int vt_tensor_retain_grad(nint handle);
    [LibraryImport(Library)] internal static partial nint vt_tensor_grad(nint handle);
    [LibraryImport(Library)] internal static partial int vt_tensor_set_grad(nint handle, nint grad);
    [LibraryImport(Library)] internal static partial int vt_tensor_set_data(nint handle, nint source);

    [LibraryImport(Library)]
    internal static partial nint vt_tensor_from_blob(
        nint data, long* sizes, int dim, int dtype, delegate* unmanaged[Cdecl]<nint, void> deleter, nint context);

    [LibraryImport(Library)]
    internal static partial int vt_backward(
        nint* tensors, int count, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial int vt_grad(
        nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount,
        int retainGraph, int createGraph, int allowUnused, NativeValue* result);

    [LibraryImport(Library), SuppressGCTransition] internal static partial int vt_grad_enabled();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void vt_set_grad_enabled(int enabled);
    [LibraryImport(Library)] internal static partial nint vt_inference_mode_enter(int enabled);
    [LibraryImport(Library)] internal static partial void vt_inference_mode_leave(nint guard);
    [LibraryImport(Library)] internal static partial int vt_inference_mode_enabled();

    [LibraryImport(Library)] internal static partial nint vt_generator_default(int device, int index);
    [LibraryImport(Library)] internal static partial nint vt_generator_create(ulong seed, int device, int index);
    [LibraryImport(Library)] internal static partial void vt_generator_release(nint generator);
    [LibraryImport(Library)] internal static partial int vt_generator_set_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int vt_generator_initial_seed(nint generator, ulong* seed);
    [LibraryImport(Library)] internal static partial nint vt_generator_get_state(nint generator);
    [LibraryImport(Library)] internal static partial int vt_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial int vt_manual_seed(ulong seed);

    [LibraryImport(Library)] internal static partial int vt_num_threads();
    [LibraryImport(Library)] internal static partial int vt_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int vt_num_interop_threads();
    [LibraryImport(Library)] internal static partial int vt_set_num_interop_threads(int count);
    [LibraryImport(Library)] internal static partial int vt_cuda_device_count();
    [LibraryImport(Library)] internal static partial int vt_cudnn_available();
    [LibraryImport(Library)] internal static partial int vt_cuda_synchronize(int index);
    [LibraryImport(Library)] internal static partial int vt_allow_tf32(int cudnn);
    [LibraryImport(Library)] internal static partial int vt_set_allow_tf32(int cudnn, int value);
    [LibraryImport(Library)] internal static partial int vt_default_dtype();
    [LibraryImport(Library)] internal static partial int vt_set_default_dtype(int dtype);

    /// <summary>The failure of the last native call on this thread, with libtorch's own message.</summary>
    internal static ExternalException LastError() => new(Text(vt_last_error()));

    internal static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";

    /// <summary>Throws where a status says that the call failed; otherwise gives it back.</summary>
    internal static int Check(int status) => status < 0 ? throw LastError() : status;

    internal static nint Check(nint handle) => handle == 0 ? throw LastError() : handle;
}
