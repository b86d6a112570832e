using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: named parameters, buffers and smaller modules.</summary>
        [SuppressMessage("Design", "CA1063", Justification = "The package's signature.")]
        public partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> _parameters = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _buffers = [];
            private readonly OrderedDictionary<string, Module> _modules = [];
            private readonly string _name;

            protected Module(string name) => _name = name;

            ~Module() => Dispose(false);

            public bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }

                foreach (var tensor in _parameters.Values.Concat(_buffers.Values.Select(buffer => buffer.Tensor)))
                {
                    tensor.Dispose();
                }

                foreach (var module in _modules.Values)
                {
                    module.Dispose();
                }
            }

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var module in _modules.Values)
                {
                    module.train(train);
                }
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                    }
                    else
                    {
                        using var gradient = parameter.grad;
                        gradient?.zero_();
                    }
                }
            }

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var module in _modules.Values)
                {
                    module.apply(fn);
                }

                fn(this);
                return this;
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                // One tensor may stand under several names; it counts under the first.
                var seen = new HashSet<nint>();
                foreach (var (name, parameter) in AllParameters(recurse))
                {
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                    {
                        yield return (name, parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(named => named.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (name, buffer) in AllBuffers(recurse, include_nonpersistent))
                {
                    if (!buffer.IsInvalid && seen.Add(buffer.Handle))
                    {
                        yield return (name, buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(named => named.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _modules.Select(child => (child.Key, child.Value));

            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                named_children().Concat(named_children().SelectMany(
                    child => child.module.named_modules().Select(inner => ($"{child.name}.{inner.name}", inner.module))));

            public virtual IEnumerable<Module> children() => named_children().Select(named => named.module);

            public virtual IEnumerable<Module> modules() => named_modules().Select(named => named.module);

            private IEnumerable<(string, Parameter)> AllParameters(bool recurse)
            {
                var own = _parameters.Select(parameter => (parameter.Key, parameter.Value));
                return !recurse ? own : own.Concat(named_children().SelectMany(
                    child => child.module.AllParameters(true).Select(inner => ($"{child.name}.{inner.Item1}", inner.Item2))));
            }

            private IEnumerable<(string, Tensor)> AllBuffers(bool recurse, bool includeNonpersistent)
            {
                var own = _buffers.Where(buffer => includeNonpersistent || buffer.Value.Persistent)
                    .Select(buffer => (buffer.Key, buffer.Value.Tensor));
                return !recurse ? own : own.Concat(named_children().SelectMany(
                    child => child.module.AllBuffers(true, includeNonpersistent)
                        .Select(inner => ($"{child.name}.{inner.Item1}", inner.Item2))));
            }
        }
    }
}
