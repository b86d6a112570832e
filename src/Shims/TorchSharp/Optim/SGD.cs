using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Stochastic gradient descent, with or without momentum.</summary>
        public class SGD : OptimizerHelper, optim.IMomentum
        {
            private readonly Options _defaults;

            internal SGD(IEnumerable<ParamGroup> groups, Options defaults)
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
                options.momentum ??= _defaults.momentum;
                options.dampening ??= _defaults.dampening;
                options.weight_decay ??= _defaults.weight_decay;
                options.nesterov ??= _defaults.nesterov;
                options.maximize ??= _defaults.maximize;
                base.add_param_group(param_group);
            }

            private protected override OptimizerState NewState(Parameter parameter, OptimizerOptions options) =>
                new State(parameter);

            private protected override void Update(Parameter parameter, Tensor gradient, OptimizerOptions options, OptimizerState state) =>
                Update(parameter, gradient, (Options)options, (State)state);

            private static void Update(Parameter parameter, Tensor gradient, Options options, State state)
            {
                gradient = Decayed(gradient, parameter, options.weight_decay);
                if (options.momentum is { } momentum and not 0)
                {
                    if (state.momentum_buffer is null)
                    {
                        state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
                    }
                    else
                    {
                        state.momentum_buffer.mul_(momentum).add_(gradient, alpha: 1 - options.dampening!.Value);
                    }

                    gradient = options.nesterov == true ? gradient.add(state.momentum_buffer, alpha: momentum) : state.momentum_buffer;
                }

                var rate = options.LearningRate!.Value;
                parameter.add_(gradient, alpha: options.maximize == true ? rate : -rate);
            }

            public class Options : OptimizerOptions
            {
                public double? momentum;

                public double? dampening;

                public double? weight_decay;

                public bool? nesterov;

                public bool? maximize;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var options = (Options)source;
                    momentum = options.momentum;
                    dampening = options.dampening;
                    weight_decay = options.weight_decay;
                    nesterov = options.nesterov;
                    maximize = options.maximize;
                }
            }

            public class ParamGroup : ParamGroup<Options>, optim.IMomentum
            {
                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options)
                {
                }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0,
                    double weight_decay = 0, bool nesterov = false, bool maximize = false)
                    : base(parameters, new Options
                    {
                        LearningRate = lr,
                        momentum = momentum,
                        dampening = dampening,
                        weight_decay = weight_decay,
                        nesterov = nesterov,
                        maximize = maximize,
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
                public Tensor? momentum_buffer;

                internal State(Parameter parameter)
                    : base(parameter)
                {
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = (State)source;
                    Release();
                    momentum_buffer = from.momentum_buffer is null ? null : Copy(from.momentum_buffer);
                }

                internal override void Release()
                {
                    momentum_buffer?.Dispose();
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(
                IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                SGD([new SGD.ParamGroup(parameters, new SGD.Options())], learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0,
                double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                SGD(parameters.Select(named => named.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, new SGD.Options
                {
                    LearningRate = learningRate,
                    momentum = momentum,
                    dampening = dampening,
                    weight_decay = weight_decay,
                    nesterov = nesterov,
                    maximize = maximize,
                });
        }
    }
}
