using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private bool _registered;

            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (!_parameters.TryAdd(name, param))
                {
                    throw new InvalidOperationException($"Parameter {name} is registered already.");
                }
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (!_buffers.TryAdd(name, (tensor, persistent)))
                {
                    throw new InvalidOperationException($"Tensor {name} is registered already.");
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                if (name.Length == 0 || name.Contains('.', StringComparison.Ordinal))
                {
                    throw new ArgumentException($"'{name}' cannot name a module: it is empty or has a dot.", nameof(name));
                }

                submodule.RegisterComponents();
                if (!_modules.TryAdd(name, submodule))
                {
                    throw new InvalidOperationException($"Sub-module {name} is registered already.");
                }
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>
            /// Registers what the fields of the derived classes hold: modules, parameters, and other tensors as buffers,
            /// each under the field's name. A class calls it at the end of its constructor.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_registered)
                {
                    return;
                }

                foreach (var field in Fields())
                {
                    var name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    if (_parameters.ContainsKey(name) || _buffers.ContainsKey(name) || _modules.ContainsKey(name))
                    {
                        continue;
                    }

                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(name, tensor);
                            break;
                    }
                }

                _registered = true;
            }

            /// <summary>Replaces a parameter of one of the library's own modules, disposing of the one before.</summary>
            internal void SetParameter(string name, Parameter? value)
            {
                if (_parameters.TryGetValue(name, out var before) && !ReferenceEquals(before, value))
                {
                    before.Dispose();
                }

                if (value is null)
                {
                    _parameters.Remove(name);
                }
                else
                {
                    value.DetachFromDisposeScope();
                    _parameters[name] = value;
                }
            }

            internal Parameter? FindParameter(string name) => _parameters.GetValueOrDefault(name);

            internal Tensor? FindBuffer(string name) => _buffers.TryGetValue(name, out var buffer) ? buffer.Tensor : null;

            internal void ClearModules() => _modules.Clear();

            /// <summary>The fields of the classes outside this library; its own modules register what they have themselves.</summary>
            private IEnumerable<FieldInfo> Fields()
            {
                const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                for (var type = GetType(); type is not null && type.Assembly != typeof(Module).Assembly; type = type.BaseType)
                {
                    foreach (var field in type.GetFields(Own))
                    {
                        yield return field;
                    }
                }
            }
        }
    }
}
