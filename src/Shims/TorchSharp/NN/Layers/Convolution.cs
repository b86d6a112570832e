using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>The weight is [out, in / groups, h, w]; of a transposed convolution, [in, out / groups, h, w].</summary>
        public abstract class Convolution : nn.Module<Tensor, Tensor>
        {
            private protected Convolution(string name, (Parameter Weight, Parameter? Bias) parameters)
                : base(name)
            {
                SetParameter(nameof(weight), parameters.Weight);
                SetParameter(nameof(bias), parameters.Bias);
            }

            public Parameter weight
            {
                get => FindParameter(nameof(weight))!;
                set => SetParameter(nameof(weight), value);
            }

            public Parameter? bias
            {
                get => FindParameter(nameof(bias));
                set => SetParameter(nameof(bias), value);
            }

            public long[] kernel_size { get; set; } = [];

            public long[] stride { get; set; } = [];

            public long[] padding { get; internal set; } = [];

            public long[] dilation { get; set; } = [];

            public long groups { get; set; }
        }

        public sealed class Conv2d : Convolution
        {
            internal Conv2d((Parameter Weight, Parameter? Bias) parameters)
                : base(nameof(Conv2d), parameters)
            {
            }

            internal Padding? PaddingKind { get; init; }

            public override Tensor forward(Tensor input) => PaddingKind is { } kind
                ? nn.functional.conv2d_padding(input, weight, bias, stride, kind, dilation, groups)
                : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
        }

        public abstract class ConvolutionTranspose : Convolution
        {
            private protected ConvolutionTranspose(string name, (Parameter Weight, Parameter? Bias) parameters)
                : base(name, parameters)
            {
            }

            internal long[] OutputPadding { get; init; } = [];

            public override Tensor forward(Tensor input) =>
                nn.functional.conv_transpose2d(input, weight, bias, stride, padding, OutputPadding, dilation, groups);
        }

        public sealed class ConvTranspose2d : ConvolutionTranspose
        {
            internal ConvTranspose2d((Parameter Weight, Parameter? Bias) parameters)
                : base(nameof(ConvTranspose2d), parameters)
            {
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                Conv2d(
                    in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (dilation, dilation),
                    padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                NewConv2d(
                    in_channels, out_channels, kernel_size, null, stride, padding, dilation, padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                NewConv2d(
                    in_channels, out_channels, (kernel_size, kernel_size), padding, (stride, stride), null, (dilation, dilation),
                    padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, Padding padding, (long, long)? stride = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                NewConv2d(
                    in_channels, out_channels, kernel_size, padding, stride, null, dilation, padding_mode, groups, bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                ConvTranspose2d(
                    in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding),
                    (output_padding, output_padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? output_padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
            {
                RequireZeros(padding_mode);
                long[] shape = [in_channels, out_channels / groups, kernel_size.Item1, kernel_size.Item2];
                return new ConvTranspose2d(WeightAndBias(shape, bias ? out_channels : 0, device, dtype))
                {
                    kernel_size = Pair(kernel_size, 1),
                    stride = Pair(stride, 1),
                    padding = Pair(padding, 0),
                    OutputPadding = Pair(output_padding, 0),
                    dilation = Pair(dilation, 1),
                    groups = groups,
                };
            }

            private static Conv2d NewConv2d(
                long inChannels, long outChannels, (long, long) kernelSize, Padding? paddingKind, (long, long)? stride,
                (long, long)? padding, (long, long)? dilation, PaddingModes paddingMode, long groups, bool bias, Device? device, ScalarType? dtype)
            {
                RequireZeros(paddingMode);
                long[] shape = [outChannels, inChannels / groups, kernelSize.Item1, kernelSize.Item2];
                return new Conv2d(WeightAndBias(shape, bias ? outChannels : 0, device, dtype))
                {
                    kernel_size = Pair(kernelSize, 1),
                    stride = Pair(stride, 1),
                    padding = Pair(padding, 0),
                    PaddingKind = paddingKind,
                    dilation = Pair(dilation, 1),
                    groups = groups,
                };
            }

            private static long[] Pair((long, long)? pair, long otherwise) =>
                pair is { } given ? [given.Item1, given.Item2] : [otherwise, otherwise];

            private static void RequireZeros(PaddingModes mode)
            {
                if (mode != PaddingModes.Zeros)
                {
                    throw new NotSupportedException($"Padding mode {mode} is not supported by this build of TorchSharp.");
                }
            }
        }
    }
}
