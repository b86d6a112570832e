using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>What the batch normalizations have in common.</summary>
        public abstract class NormBase : nn.Module<Tensor, Tensor>
        {
            private protected NormBase(
                long numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype,
                string name)
                : base(name)
            {
                (this.eps, this.momentum, num_features, track_running_stats) = (eps, momentum, numFeatures, trackRunningStats);
                if (affine)
                {
                    SetParameter(nameof(weight), nn.Parameter(ones(numFeatures, dtype, device)));
                    SetParameter(nameof(bias), nn.Parameter(zeros(numFeatures, dtype, device)));
                }

                if (trackRunningStats)
                {
                    register_buffer(nameof(running_mean), zeros(numFeatures, dtype, device).DetachFromDisposeScope());
                    register_buffer(nameof(running_var), ones(numFeatures, dtype, device).DetachFromDisposeScope());
                    register_buffer(nameof(num_batches_tracked), tensor(0L, dtype, device).DetachFromDisposeScope());
                }
            }

            public long num_features { get; }

            public bool track_running_stats { get; }

            public double eps { get; set; }

            public double? momentum { get; set; }

            public Parameter? weight
            {
                get => FindParameter(nameof(weight));
                set => SetParameter(nameof(weight), value);
            }

            public Parameter? bias
            {
                get => FindParameter(nameof(bias));
                set => SetParameter(nameof(bias), value);
            }

            internal Tensor? running_mean => FindBuffer(nameof(running_mean));

            internal Tensor? running_var => FindBuffer(nameof(running_var));

            internal Tensor? num_batches_tracked => FindBuffer(nameof(num_batches_tracked));
        }

        public abstract class BatchNorm : NormBase
        {
            private protected BatchNorm(
                long numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype,
                string name)
                : base(numFeatures, eps, momentum, affine, trackRunningStats, device, dtype, name)
            {
            }

            private protected abstract bool Accepts(long dimensions);

            public override Tensor forward(Tensor input)
            {
                if (!Accepts(input.ndim))
                {
                    throw new ArgumentException($"{GetName()} does not take a tensor of {input.ndim} dimensions.", nameof(input));
                }

                var factor = momentum ?? 0;
                if (training && num_batches_tracked is { } count)
                {
                    count.add_(1);
                    factor = momentum ?? 1.0 / count.ToDouble();
                }

                return nn.functional.batch_norm(
                    input, running_mean, running_var, weight, bias, training || running_mean is null, factor, eps);
            }
        }

        public sealed class BatchNorm1d : BatchNorm
        {
            internal BatchNorm1d(
                long numFeatures, double eps, double momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype)
                : base(numFeatures, eps, momentum, affine, trackRunningStats, device, dtype, nameof(BatchNorm1d))
            {
            }

            private protected override bool Accepts(long dimensions) => dimensions is 2 or 3;
        }

        public sealed class BatchNorm2d : BatchNorm
        {
            internal BatchNorm2d(
                long numFeatures, double eps, double momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype)
                : base(numFeatures, eps, momentum, affine, trackRunningStats, device, dtype, nameof(BatchNorm2d))
            {
            }

            private protected override bool Accepts(long dimensions) => dimensions == 4;
        }

        public sealed class LayerNorm : nn.Module<Tensor, Tensor>
        {
            internal LayerNorm(long[] shape, double eps, bool affine, bool withBias, Device? device, ScalarType? dtype)
                : base(nameof(LayerNorm))
            {
                (normalized_shape, this.eps) = (shape, eps);
                SetParameter(nameof(weight), affine ? nn.Parameter(ones(shape, dtype, device)) : null);
                SetParameter(nameof(bias), affine && withBias ? nn.Parameter(zeros(shape, dtype, device)) : null);
            }

            public long[] normalized_shape { get; set; }

            public double eps { get; set; }

            public Parameter? weight
            {
                get => FindParameter(nameof(weight));
                set => SetParameter(nameof(weight), value);
            }

            public Parameter? bias
            {
                get => FindParameter(nameof(bias));
                set => SetParameter(nameof(bias), value);
            }

            public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
        }

        public sealed class GroupNorm : nn.Module<Tensor, Tensor>
        {
            internal GroupNorm(long groups, long channels, double eps, bool affine, Device? device, ScalarType? dtype)
                : base(nameof(GroupNorm))
            {
                (num_groups, this.eps) = (groups, eps);
                SetParameter(nameof(weight), affine ? nn.Parameter(ones(channels, dtype, device)) : null);
                SetParameter(nameof(bias), affine ? nn.Parameter(zeros(channels, dtype, device)) : null);
            }

            public long num_groups { get; set; }

            public double eps { get; set; }

            public Parameter? weight
            {
                get => FindParameter(nameof(weight));
                set => SetParameter(nameof(weight), value);
            }

            public Parameter? bias
            {
                get => FindParameter(nameof(bias));
                set => SetParameter(nameof(bias), value);
            }

            public override Tensor forward(Tensor tensor) => nn.functional.group_norm(tensor, num_groups, weight, bias, eps);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static LayerNorm LayerNorm(
                long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(
                long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static GroupNorm GroupNorm(
                long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null,
                ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);
        }
    }
}
