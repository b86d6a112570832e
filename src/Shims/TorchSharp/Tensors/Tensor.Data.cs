using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the CPU, in place.</summary>
        public Span<byte> bytes
        {
            get
            {
                RequireReadable();
                return new Span<byte>((void*)DataPointer(), checked((int)(NumberOfElements * ElementSize)));
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                {
                    throw new ArgumentException($"The tensor has {target.Length} bytes, not {value.Length}.");
                }

                value.CopyTo(target);
            }
        }

        public Utils.TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireElement(typeof(T));
            return new Utils.TensorAccessor<T>(is_cpu() ? this : cpu());
        }

        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException($"item() needs a tensor of one element, not of {NumberOfElements}.");
            }

            RequireElement(typeof(T));
            if (is_cpu())
            {
                return *(T*)DataPointer();
            }

            using var copy = cpu();
            return *(T*)copy.DataPointer();
        }

        public Scalar ToScalar()
        {
            var value = Op.Item.CallForValue(this);
            return new Scalar(dtype, value.Kind, value.Bits);
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            RequireReadable();
            using var memory = new UnmanagedMemoryStream((byte*)DataPointer(), NumberOfElements * ElementSize);
            memory.CopyTo(stream, bufferSize);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            RequireReadable();
            var remaining = NumberOfElements * ElementSize;
            for (var target = (byte*)DataPointer(); remaining > 0;)
            {
                var count = (int)Math.Min(remaining, Math.Max(bufferSize, 1));
                stream.ReadExactly(new Span<byte>(target, count));
                target += count;
                remaining -= count;
            }
        }

        internal nint DataPointer()
        {
            var pointer = NativeMethods.vt_tensor_data(Handle);
            return pointer == 0 && NumberOfElements > 0 ? throw NativeMethods.LastError() : pointer;
        }

        private void RequireReadable()
        {
            if (!is_cpu())
            {
                throw new InvalidOperationException("The tensor is not in CPU memory: copy it with cpu() first.");
            }

            if (!is_contiguous())
            {
                throw new InvalidOperationException("The tensor is not contiguous: copy it with contiguous() first.");
            }
        }

        private void RequireElement(Type type)
        {
            if (type != ElementType(dtype))
            {
                throw new ArgumentException($"{type.Name} is not the element type of a tensor of {dtype}.");
            }
        }

        private static Type? ElementType(ScalarType dtype) => dtype switch
        {
            ScalarType.Byte => typeof(byte),
            ScalarType.Int8 => typeof(sbyte),
            ScalarType.Int16 => typeof(short),
            ScalarType.Int32 => typeof(int),
            ScalarType.Int64 => typeof(long),
            ScalarType.Bool => typeof(bool),
            ScalarType.Float16 => typeof(Half),
            ScalarType.Float32 => typeof(float),
            ScalarType.Float64 => typeof(double),
            _ => null,
        };
    }
}
