using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => NativeMethods.vt_grad_enabled() != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => NativeMethods.vt_inference_mode_enabled() != 0;

    public static unsafe class autograd
    {
        /// <summary>The gradients of the sum of the outputs; a gradient is null where an input was not used.</summary>
        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false,
            bool create_graph = false, bool allow_unused = false)
        {
            var (ofOutputs, ofInputs, ofGradients) = (Handles(outputs), Handles(inputs), Handles(grad_outputs));
            NativeValue gradients;
            fixed (nint* o = ofOutputs, i = ofInputs, g = ofGradients)
            {
                NativeMethods.Check(NativeMethods.vt_grad(
                    o, ofOutputs.Length, i, ofInputs.Length, g, ofGradients.Length,
                    Flag(retain_graph), Flag(create_graph), Flag(allow_unused), &gradients));
            }

            KeepAlive(outputs, inputs, grad_outputs);
            return Operator.TakeList(gradients);
        }

        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var (ofTensors, ofInputs, ofGradients) = (Handles(tensors), Handles(inputs), Handles(grad_tensors));
            fixed (nint* t = ofTensors, i = ofInputs, g = ofGradients)
            {
                NativeMethods.Check(NativeMethods.vt_backward(
                    t, ofTensors.Length, g, ofGradients.Length, Flag(retain_graph ?? create_graph), Flag(create_graph),
                    i, ofInputs.Length));
            }

            KeepAlive(tensors, inputs, grad_tensors);
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static nint[] Handles(IList<Tensor>? tensors)
        {
            if (tensors is null)
            {
                return [];
            }

            var handles = new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++)
            {
                handles[i] = tensors[i]?.Handle ?? 0;
            }

            return handles;
        }

        private static int Flag(bool value) => value ? 1 : 0;

        private static void KeepAlive(object a, object? b, object? c)
        {
            GC.KeepAlive(a);
            GC.KeepAlive(b);
            GC.KeepAlive(c);
        }
    }

    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    /// <summary>Sets whether operations are recorded, until it is disposed of.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        public GradMode(bool enabled) => NativeMethods.vt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => NativeMethods.vt_set_grad_enabled(_before ? 1 : 0);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = NativeMethods.Check(NativeMethods.vt_inference_mode_enter(enabled ? 1 : 0));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _guard, 0) is var guard and not 0)
            {
                NativeMethods.vt_inference_mode_leave(guard);
            }
        }
    }
}
