using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>x W^T + b, with W of shape [out, in].</summary>
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            internal Linear(Parameter weight, Parameter? bias)
                : base(nameof(Linear))
            {
                (out_features, in_features) = (weight.shape[0], weight.shape[1]);
                SetParameter(nameof(weight), weight);
                SetParameter(nameof(bias), bias);
            }

            public long in_features { get; set; }

            public long out_features { get; set; }

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

            public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
        }

        /// <summary>Base of the modules without parameters.</summary>
        public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>
        {
            protected ParameterLessModule(string name)
                : base(name)
            {
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(
                long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
            {
                var (weight, bias) = WeightAndBias([outputSize, inputSize], hasBias ? outputSize : 0, device, dtype);
                return new Linear(weight, bias);
            }

            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

            /// <summary>The usual start of dense and convolutional layers: both uniform within 1/sqrt(fan in).</summary>
            internal static (Parameter Weight, Parameter? Bias) WeightAndBias(
                long[] shape, long biasSize, Device? device, ScalarType? dtype)
            {
                var weight = Parameter(empty(shape, dtype, device));
                init.kaiming_uniform_(weight, Math.Sqrt(5));
                if (biasSize == 0)
                {
                    return (weight, null);
                }

                var fanIn = init.CalculateFanInAndFanOut(weight).fanIn;
                var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
                var bias = Parameter(empty(biasSize, dtype, device));
                init.uniform_(bias, -bound, bound);
                return (weight, bias);
            }
        }
    }
}
