using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules that run one after the other.</summary>
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<nn.IModule<Tensor, Tensor>> _steps = [];

            internal Sequential(IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> modules)
                : base(nameof(Sequential))
            {
                foreach (var (name, module) in modules)
                {
                    append(name, module);
                }
            }

            public int Count => _steps.Count;

            [IndexerName("SequentialItems")]
            public nn.IModule<Tensor, Tensor> this[int index] => _steps[index];

            public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
            {
                register_module(name, (nn.Module)module);
                _steps.Add(module);
                return this;
            }

            public Sequential append(nn.IModule<Tensor, Tensor> module) =>
                append(_steps.Count.ToString(CultureInfo.InvariantCulture), module);

            public override Tensor forward(Tensor tensor)
            {
                // Each intermediate is disposed of once the next step has read it; what its gradient needs, libtorch keeps.
                var result = _steps.Count == 0 ? tensor.alias() : tensor;
                foreach (var step in _steps)
                {
                    var next = step.call(result);
                    if (!ReferenceEquals(result, tensor) && !ReferenceEquals(result, next))
                    {
                        result.Dispose();
                    }

                    result = next;
                }

                return result;
            }
        }

        /// <summary>Modules in a list, registered under their positions.</summary>
        public class ModuleList<T> : nn.Module, IList<T>
            where T : nn.Module
        {
            private readonly List<T> _items = [];

            public ModuleList(params T[] modules)
                : base("ModuleList")
            {
                _items.AddRange(modules);
                Number();
            }

            public int Count => _items.Count;

            public bool IsReadOnly => false;

            public T this[int index]
            {
                get => _items[index];
                set
                {
                    _items[index] = value;
                    Number();
                }
            }

            public void Add(T item)
            {
                _items.Add(item);
                Number();
            }

            public void append(params T[] parameters)
            {
                _items.AddRange(parameters);
                Number();
            }

            public void Insert(int index, T item)
            {
                _items.Insert(index, item);
                Number();
            }

            public bool Remove(T item)
            {
                var removed = _items.Remove(item);
                Number();
                return removed;
            }

            public void RemoveAt(int index)
            {
                _items.RemoveAt(index);
                Number();
            }

            public void Clear()
            {
                _items.Clear();
                Number();
            }

            public bool Contains(T item) => _items.Contains(item);

            public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

            public int IndexOf(T item) => _items.IndexOf(item);

            public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

            private void Number()
            {
                ClearModules();
                for (var i = 0; i < _items.Count; i++)
                {
                    register_module(i.ToString(CultureInfo.InvariantCulture), _items[i]);
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new([]);

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(Numbered(modules));

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) =>
                new(modules.Select(module => (module.Item1, module.Item2)));

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules);

            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) =>
                new(modules.Select(module => (module.Item1, module.Item2)));

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new(Numbered(modules));

            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static ModuleList<T> ModuleList<T>(params T[] modules)
                where T : Module => new(modules);

            private static IEnumerable<(string, Module<Tensor, Tensor>)> Numbered(IEnumerable<Module<Tensor, Tensor>> modules) =>
                modules.Select((module, index) => (index.ToString(CultureInfo.InvariantCulture), module));
        }
    }
}
