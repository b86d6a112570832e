using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Op.View.Call(this, shape);

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor reshape(params long[] shape) => Op.Reshape.Call(this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Op.Flatten.Call(this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes)
        {
            var target = shape.ToList();
            var at = (int)(dim < 0 ? dim + target.Count : dim);
            target.RemoveAt(at);
            target.InsertRange(at, sizes);
            return view([.. target]);
        }

        public Tensor unsqueeze(long dim) => Op.Unsqueeze.Call(this, dim);

        public Tensor unsqueeze_(long dim) => Apply(Op.UnsqueezeInPlace, dim);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Op.SqueezeDim.Call(this, d) : Op.Squeeze.Call(this);

        public Tensor squeeze_(long? dim = null) => dim is { } d ? Apply(Op.SqueezeDimInPlace, d) : Apply(Op.SqueezeInPlace);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Op.Expand.Call(this, sizes, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Op.Expand.Call(this, sizes, isImplicit);

        public Tensor expand(params long[] sizes) => Op.Expand.Call(this, sizes);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor broadcast_to(params long[] shape) => Op.BroadcastTo.Call(this, shape);

        public Tensor repeat(params long[] sizes) => Op.Repeat.Call(this, sizes);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Op.RepeatInterleaveTensor.Call(this, repeats, dim, output_size);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Op.RepeatInterleaveInt.Call(this, repeats, dim, output_size);

        public Tensor t() => Op.T.Call(this);

        public Tensor transpose(long dim0, long dim1) => Op.Transpose.Call(this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => Apply(Op.TransposeInPlace, dim0, dim1);

        public Tensor permute(params long[] permutation) => Op.Permute.Call(this, permutation);

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor contiguous() => Op.Contiguous.Call(this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Op.AsStrided.Call(this, size, strides, storageOffset);

        public Tensor narrow(long dim, long start, long length) => Op.Narrow.Call(this, dim, start, length);

        public Tensor slice(long dim, long start, long finish, long step) => Op.Slice.Call(this, dim, start, finish, step);

        public Tensor select(long dim, long index) => Op.Select.Call(this, dim, index);

        public Tensor index_select(long dim, Tensor index) => Op.IndexSelect.Call(this, dim, index);

        public Tensor take(Tensor index) => Op.Take.Call(this, index);

        public Tensor gather(long dim, Tensor index) => Op.Gather.Call(this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Op.Scatter.Call(this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Apply(Op.ScatterInPlace, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Apply(Op.ScatterAddInPlace, dim, index, src);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Apply(Op.IndexAddInPlace, dim, index, source, alpha);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Apply(Op.IndexCopyInPlace, dim, index, source);

        public Tensor masked_fill(Tensor mask, Scalar value) => Op.MaskedFill.Call(this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Apply(Op.MaskedFillInPlace, mask, value);

        public Tensor masked_select(Tensor mask) => Op.MaskedSelect.Call(this, mask);

        public Tensor nonzero() => Op.Nonzero.Call(this);

        public Tensor[] chunk(long chunks, long dim = 0) => Op.Chunk.CallForList(this, chunks, dim);

        public Tensor[] split(long size, int dim = 0) => Op.SplitSize.CallForList(this, size, dim);

        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Op.SplitSizes.CallForList(this, sizes, dim);

        public Tensor[] split(long[] sizes, long dim = 0) => Op.SplitSizes.CallForList(this, sizes, dim);

        public Tensor[] split(params long[] sizes) => split(sizes, 0L);

        public Tensor[] unbind(long dimension = 0) => Op.Unbind.CallForList(this, dimension);

        public Tensor tril(long diagonal = 0) => Op.Tril.Call(this, diagonal);

        public Tensor triu(long diagonal = 0) => Op.Triu.Call(this, diagonal);

        public Tensor diag(long diagonal = 0) => Op.Diag.Call(this, diagonal);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Op.Diagonal.Call(this, offset, dim1, dim2);

        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Op.DiagEmbed.Call(this, offset, dim1, dim2);

        public Tensor trace() => Op.Trace.Call(this);

        public Tensor flip(params long[] dims) => Op.Flip.Call(this, dims);

        public Tensor roll(long shifts, long? dims = null) =>
            Op.Roll.Call(this, new[] { shifts }, dims is { } dim ? new[] { dim } : Array.Empty<long>());

        public Tensor roll(long[] shifts, long[] dims) => Op.Roll.Call(this, shifts, dims);

        public Tensor roll(long[] shifts) => Op.Roll.Call(this, shifts);

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Op.Roll.Call(this, shifts, dims);
    }
}
