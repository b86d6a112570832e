using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                InPlaceOr(Op.LeakyReluInPlace, Op.LeakyRelu, inplace, input, negative_slope);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => InPlaceOr(Op.EluInPlace, Op.Elu, inplace, x, alpha);

            public static Tensor silu(Tensor x, bool inplace = false) => InPlaceOr(Op.SiluInPlace, Op.Silu, inplace, x);

            public static Tensor gelu(Tensor x, bool inplace) => InPlaceOr(Op.GeluInPlace, Op.Gelu, inplace, x);

            public static Tensor gelu(Tensor x) => gelu(x, false);

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor softplus(Tensor x, double beta = 1.0, double threshold = 20.0) => x.softplus(beta, threshold);

            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                InPlaceOr(Op.DropoutInPlace, Op.Dropout, inplace, input, p, training);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Op.Linear.Call(input, weights, bias);

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                long groups = 1) =>
                Op.Conv2d.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            public static Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid,
                long[]? dilation = null, long groups = 1) =>
                Op.Conv2dPadding.Call(
                    input, weight, bias, strides ?? [1, 1], padding == Padding.Same ? "same" : "valid", dilation ?? [1, 1], groups);

            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Op.ConvTranspose2d.Call(
                    input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], output_padding ?? [0, 0], groups, dilation ?? [1, 1]);

            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                Op.AvgPool2d.Call(
                    input, kernel_size, stride ?? kernel_size, padding ?? [0, 0], ceil_mode, count_include_pad, divisor_override);

            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-05) =>
                Op.BatchNorm.Call(
                    input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Op.LayerNorm.Call(input, normalized_shape, weight, bias, eps);

            public static Tensor group_norm(
                Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Op.GroupNorm.Call(input, num_groups, weight, bias, eps);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Op.OneHot.Call(x, num_classes);

            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Op.BinaryCrossEntropyWithLogits.Call(input, target, weight, pos_weights, (long)reduction);

            public static Tensor binary_cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Op.BinaryCrossEntropy.Call(input, target, weight, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Op.MseLoss.Call(input, target, (long)reduction);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                mode switch
                {
                    PaddingModes.Constant or PaddingModes.Zeros => Op.Pad.Call(input, pad, "constant", value),
                    PaddingModes.Reflect => Op.Pad.Call(input, pad, "reflect"),
                    PaddingModes.Replicate => Op.Pad.Call(input, pad, "replicate"),
                    _ => Op.Pad.Call(input, pad, "circular"),
                };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(
                Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, new[] { pad.Item1, pad.Item2 }, mode, value);

            public static Tensor pad(
                Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, new[] { pad.Item1, pad.Item2, pad.Item3, pad.Item4 }, mode, value);

            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, new[] { pad, pad }, mode, value);

            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false)
            {
                var spatial = (int)x.ndim - 2;
                var factors = scale_factor is { Length: 1 } ? Enumerable.Repeat(scale_factor[0], spatial).ToArray() : scale_factor;
                if (recompute_scale_factor && factors is not null)
                {
                    size = [.. factors.Select((factor, dim) => (long)Math.Floor(x.shape[dim + 2] * factor))];
                    factors = null;
                }

                var corners = align_corners ?? false;
                return (mode, spatial) switch
                {
                    (InterpolationMode.Nearest, 1) => Op.UpsampleNearest1d.Call(x, size, factors),
                    (InterpolationMode.Nearest, 2) => Op.UpsampleNearest2d.Call(x, size, factors),
                    (InterpolationMode.Nearest, 3) => Op.UpsampleNearest3d.Call(x, size, factors),
                    (InterpolationMode.Linear, 1) => Op.UpsampleLinear1d.Call(x, size, corners, factors),
                    (InterpolationMode.Bilinear, 2) => Op.UpsampleBilinear2d.Call(x, size, corners, factors),
                    (InterpolationMode.Bicubic, 2) => Op.UpsampleBicubic2d.Call(x, size, corners, factors),
                    (InterpolationMode.Trilinear, 3) => Op.UpsampleTrilinear3d.Call(x, size, corners, factors),
                    _ => throw new ArgumentException($"{mode} interpolation does not take a tensor of {x.ndim} dimensions.", nameof(mode)),
                };
            }

            // As in the package, what was computed in place comes back as a tensor of its own, which may be disposed of.
            private static Tensor InPlaceOr(Operator inPlace, Operator plain, bool wanted, Tensor x, params ReadOnlySpan<Argument> rest)
            {
                Argument[] arguments = [x, .. rest];
                if (!wanted)
                {
                    return plain.Call(arguments);
                }

                inPlace.Run(arguments);
                return x.alias();
            }
        }
    }
}
