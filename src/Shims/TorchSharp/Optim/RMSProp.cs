using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>RMSprop (Hinton), optionally centred, with or without momentum.</summary>
        public class RMSProp : OptimizerHelper, optim.IMomentum
        {
            private readonly Options _defaults;

            internal RMSProp(IEnumerable<ParamGroup> groups, Options defaults)
            {
                _defaults = defaults;
                foreach (var group in groups)
                {
                    add_param_group(group);
                }
            }

            public double Momentum
            {
                get => _defaults.momentum!.Value;
                set => _defaults.momentum = value;
            }

            public override void add_param_group(Modules.ParamGroup param_group)
            {
                var options = (Options)(param_group.Options ??= new Options());
                options.LearningRate ??= _defaults.LearningRate;
                options.maximize ??= _defaults.maximize;
                options.momentum ??= _defaults.momentum;
                options.alpha ??= _defaults.alpha;
                options.eps ??= _defaults.eps;
                options.weight_decay ??= _defaults.weight_decay;
                options.centered ??= _defaults.centered;
                base.add_param_group(param_group);
            }

            private protected override OptimizerState NewState(Parameter parameter, OptimizerOptions options) =>
                new State(parameter);

            private protected override void Update(Parameter parameter, Tensor gradient, OptimizerOptions options, OptimizerState state) =>
                Update(parameter, gradient, (Options)options, (State)state);

            private static void Update(Parameter parameter, Tensor gradient, Options options, State state)
            {
                gradient = Decayed(Directed(gradient, options.maximize), parameter, options.weight_decay);
                state.step++;
                var alpha = options.alpha!.Value;
                state.square_avg.mul_(alpha).addcmul_(gradient, gradient, value: 1 - alpha);
                var variance = state.square_avg;
                if (options.centered == true)
                {
                    state.grad_avg.mul_(alpha).add_(gradient, alpha: 1 - alpha);
                    variance = state.square_avg.addcmul(state.grad_avg, state.grad_avg, value: -1);
                }

                var denominator = variance.sqrt().add_(options.eps!.Value);
                var rate = options.LearningRate!.Value;
                if (options.momentum is { } momentum and > 0)
                {
                    state.momentum_buffer.mul_(momentum).addcdiv_(gradient, denominator);
                    parameter.add_(state.momentum_buffer, alpha: -rate);
                }
                else
                {
                    parameter.addcdiv_(gradient, denominator, value: -rate);
                }
            }

            public class Options : OptimizerOptions
            {
                public bool? maximize;

                public double? momentum;

                public double? alpha;

                public double? eps;

                public double? weight_decay;

                public bool? centered;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var options = (Options)source;
                    maximize = options.maximize;
                    momentum = options.momentum;
                    alpha = options.alpha;
                    eps = options.eps;
                    weight_decay = options.weight_decay;
                    centered = options.centered;
                }
            }

            public class ParamGroup : ParamGroup<Options>, optim.IMomentum
            {
                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options)
                {
                }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1e-08, double alpha = 0.99,
                    double weight_decay = 0, double momentum = 0, bool centered = false)
                    : base(parameters, new Options
                    {
                        LearningRate = lr,
                        momentum = momentum,
                        alpha = alpha,
                        eps = eps,
                        weight_decay = weight_decay,
                        centered = centered,
                    })
                {
                }

                public double Momentum
                {
                    get => Options.momentum!.Value;
                    set => Options.momentum = value;
                }
            }

            public sealed class State : OptimizerState
            {
                public long step;

                public Tensor square_avg;

                public Tensor momentum_buffer;

                public Tensor grad_avg;

                internal State(Parameter parameter)
                    : base(parameter)
                {
                    square_avg = Zeros();
                    momentum_buffer = Zeros();
                    grad_avg = Zeros();
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = (State)source;
                    Release();
                    step = from.step;
                    square_avg = Copy(from.square_avg);
                    momentum_buffer = Copy(from.momentum_buffer);
                    grad_avg = Copy(from.grad_avg);
                }

                internal override void Release()
                {
                    square_avg.Dispose();
                    momentum_buffer.Dispose();
                    grad_avg.Dispose();
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static RMSProp RMSProp(
                IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-08, double weight_decay = 0,
                double momentum = 0, bool centered = false, bool maximize = false) =>
                RMSProp([new RMSProp.ParamGroup(parameters, new RMSProp.Options())], lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-08,
                double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false) =>
                RMSProp(parameters.Select(named => named.parameter), lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(
                IEnumerable<RMSProp.ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-08,
                double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false) =>
                new(parameters, new RMSProp.Options
                {
                    LearningRate = lr,
                    maximize = maximize,
                    momentum = momentum,
                    alpha = alpha,
                    eps = eps,
                    weight_decay = weight_decay,
                    centered = centered,
                });
        }
    }
}
