using System.Globalization;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long Dimensions => NativeMethods.vt_tensor_dim(Handle);

        public long ndim => Dimensions;

        public long NumberOfElements => NativeMethods.vt_tensor_numel(Handle);

        public long ElementSize => NativeMethods.vt_tensor_element_size(Handle);

        public ScalarType dtype => (ScalarType)NativeMethods.vt_tensor_dtype(Handle);

        public long[] shape => size();

        public Device device => device_type == DeviceType.CPU ? CPU : new Device(device_type, device_index);

        public DeviceType device_type
        {
            get
            {
                int type, index;
                NativeMethods.vt_tensor_device(Handle, &type, &index);
                return (DeviceType)type;
            }
        }

        public int device_index
        {
            get
            {
                int type, index;
                NativeMethods.vt_tensor_device(Handle, &type, &index);
                return index;
            }
        }

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_leaf => NativeMethods.Check(NativeMethods.vt_tensor_is_leaf(Handle)) != 0;

        public bool requires_grad
        {
            get => NativeMethods.Check(NativeMethods.vt_tensor_requires_grad(Handle)) != 0;
            set => NativeMethods.Check(NativeMethods.vt_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor? grad
        {
            get => NativeMethods.vt_tensor_grad(Handle) is var handle and not 0 ? new Tensor(handle) : null;
            set => NativeMethods.Check(NativeMethods.vt_tensor_set_grad(Handle, value?.Handle ?? 0));
        }

        public Tensor T => Op.NumpyT.Call(this);

        public Tensor mT => Op.Transpose.Call(this, -2, -1);

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_nonzero() => Op.IsNonzero.CallForBool(this);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_contiguous() => NativeMethods.vt_tensor_is_contiguous(Handle) != 0;

        public long storage_offset() => NativeMethods.vt_tensor_storage_offset(Handle);

        public long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* s = sizes)
            {
                NativeMethods.vt_tensor_sizes(Handle, s, null);
            }

            return sizes;
        }

        public long size(int dim) => Op.Size.CallForValue(this, dim).Bits;

        public long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* s = strides)
            {
                NativeMethods.vt_tensor_sizes(Handle, null, s);
            }

            return strides;
        }

        public long stride(int dim) => Op.Stride.CallForValue(this, dim).Bits;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Shape, type and device; of a single number also its value.</summary>
        public override string ToString()
        {
            var form = $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";
            return ndim == 0 ? string.Create(CultureInfo.InvariantCulture, $"{form}, value = {this.ToDouble()}") : form;
        }

        public void retain_grad() => NativeMethods.Check(NativeMethods.vt_tensor_retain_grad(Handle));
    }
}
