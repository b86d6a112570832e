using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The tensors themselves, not copies, under their dotted names: parameters first, then persistent buffers.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in named_parameters())
                {
                    destination.TryAdd(start + name, parameter);
                }

                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false))
                {
                    destination.TryAdd(start + name, buffer);
                }

                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                var skipped = skip ?? [];
                var missing = destination.Keys.Where(key => !source.ContainsKey(key) && !skipped.Contains(key)).ToList();
                var unexpected = source.Keys.Where(key => !destination.ContainsKey(key) && !skipped.Contains(key)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"The state does not fit: missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");
                }

                using var noGradient = no_grad();
                foreach (var (key, tensor) in source)
                {
                    if (!skipped.Contains(key) && destination.TryGetValue(key, out var target))
                    {
                        target.copy_(tensor);
                    }
                }

                return (missing, unexpected);
            }

            /// <summary>Moves and converts every parameter, its gradient and every buffer; whole-number buffers keep their type.</summary>
            internal void MoveTo(Device? device, ScalarType? dtype, bool nonBlocking)
            {
                if (dtype is { } type && !is_floating_point(type) && !is_complex(type))
                {
                    throw new ArgumentException($"A module takes floating-point or complex types, not {type}.");
                }

                using var noGradient = no_grad();
                foreach (var parameter in parameters())
                {
                    Move(parameter, device, dtype, nonBlocking);
                    using var gradient = parameter.grad;
                    if (gradient is not null)
                    {
                        parameter.grad = null;
                        Move(gradient, device, dtype, nonBlocking);
                        parameter.grad = gradient;
                    }
                }

                foreach (var buffer in buffers())
                {
                    Move(buffer, device, dtype, nonBlocking);
                }
            }

            private static void Move(Tensor tensor, Device? device, ScalarType? dtype, bool nonBlocking)
            {
                var type = dtype is { } wanted && !is_integral(tensor.dtype) ? wanted : tensor.dtype;
                using var moved = tensor.to(type, device ?? tensor.device, non_blocking: nonBlocking);
                NativeMethods.Check(NativeMethods.vt_tensor_set_data(tensor.Handle, moved.Handle));
            }
        }
    }
}
