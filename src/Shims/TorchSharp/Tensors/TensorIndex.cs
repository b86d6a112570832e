namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place of an index expression: a number, a range, a mask, an index tensor, `...` or a new dimension.</summary>
    public struct TensorIndex
    {
        public static readonly TensorIndex Ellipsis = new() { Kind = IndexKind.Ellipsis };

        public static readonly TensorIndex None = new() { Kind = IndexKind.NewDimension };

        public static readonly TensorIndex Null = None;

        public static readonly TensorIndex Colon = Slice();

        internal enum IndexKind
        {
            NewDimension, Ellipsis, Slice, Single, Tensor,
        }

        internal IndexKind Kind { get; private set; }

        internal long? Start { get; private set; }

        internal long? Stop { get; private set; }

        internal long Step { get; private set; }

        internal Tensor? Indices { get; private set; }

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        public static implicit operator Tensor(TensorIndex value) =>
            value.Indices ?? throw new InvalidCastException("This index is not a tensor.");

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Kind = IndexKind.Slice, Start = start, Stop = stop, Step = step ?? 1 };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value);

        public static TensorIndex Bool(bool value) => Tensor(tensor(value));

        public static TensorIndex Single(long? index) =>
            new() { Kind = IndexKind.Single, Start = index ?? throw new ArgumentNullException(nameof(index)) };

        public static TensorIndex Tensor(Tensor tensor) => new() { Kind = IndexKind.Tensor, Indices = tensor };
    }
}
