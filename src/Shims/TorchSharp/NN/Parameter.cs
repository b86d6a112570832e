using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A tensor that a module trains. It takes the native tensor of its data over, which is then as if disposed of.</summary>
        public class Parameter : torch.Tensor
        {
            public Parameter(torch.Tensor data, bool requires_grad = true)
                : this(data.OwningDisposeScope, data.with_requires_grad(requires_grad))
            {
            }

            private Parameter(DisposeScope? scope, torch.Tensor data)
                : base(Take(scope, data), register: false) => scope?.Add(this);

            private static nint Take(DisposeScope? scope, torch.Tensor data)
            {
                scope?.Remove(data);
                return data.Release();
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
