using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(i1, i2);
            set => index_put_(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(i1, i2, i3);
            set => index_put_(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(i1, i2, i3, i4);
            set => index_put_(value, i1, i2, i3, i4);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Array.ConvertAll(indices, TensorIndex (long i) => i));
            set => index_put_(value, Array.ConvertAll(indices, TensorIndex (long i) => i));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            return tensors is null ? view : Disposing(view, Op.Index.Call(view, Argument.Optional(tensors)));
        }

        public Tensor index(params Tensor[] indices) => Op.Index.Call(this, Argument.Optional(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            using (view)
            {
                if (tensors is null)
                {
                    view.copy_(value);
                }
                else
                {
                    Op.IndexPutInPlace.Run(view, Argument.Optional(tensors), value);
                }
            }

            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices)
        {
            Op.IndexPutInPlace.Run(this, Argument.Optional(indices), value);
            return this;
        }

        private static Tensor Disposing(Tensor intermediate, Tensor result)
        {
            intermediate.Dispose();
            return result;
        }

        /// <summary>
        /// Applies numbers, ranges and new dimensions, which give a view; index tensors are left, one a dimension of
        /// that view, null where there is none, or no list at all.
        /// </summary>
        private (Tensor View, Tensor?[]? Tensors) View(TensorIndex[] indices)
        {
            var view = alias();
            var tensors = new List<Tensor?>();
            var dim = 0;
            foreach (var index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.IndexKind.Ellipsis:
                        dim += (int)ndim - indices.Sum(Consumed);
                        break;
                    case TensorIndex.IndexKind.NewDimension:
                        view = Disposing(view, view.unsqueeze(dim++));
                        break;
                    case TensorIndex.IndexKind.Single:
                        view = Disposing(view, view.select(dim, index.Start!.Value));
                        break;
                    case TensorIndex.IndexKind.Slice:
                        view = Disposing(view, Op.Slice.Call(view, dim++, index.Start, index.Stop, index.Step));
                        break;
                    default:
                        tensors.AddRange(Enumerable.Repeat<Tensor?>(null, dim - tensors.Count));
                        tensors.Add(index.Indices);
                        dim += Consumed(index);
                        break;
                }
            }

            return (view, tensors.Count == 0 ? null : tensors.ToArray());
        }

        /// <summary>How many dimensions of the indexed tensor an index stands for; a mask stands for all of its own.</summary>
        private static int Consumed(TensorIndex index) => index.Kind switch
        {
            TensorIndex.IndexKind.Ellipsis or TensorIndex.IndexKind.NewDimension => 0,
            TensorIndex.IndexKind.Tensor when index.Indices!.dtype == ScalarType.Bool => (int)index.Indices.ndim,
            _ => 1,
        };
    }
}
