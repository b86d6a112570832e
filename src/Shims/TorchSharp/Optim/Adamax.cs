using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adam with the infinity norm in place of the second moment (Kingma and Ba, 2015).</summary>
        public class Adamax : OptimizerHelper, optim.IBetas
        {
            private readonly Options _defaults;

            internal Adamax(IEnumerable<ParamGroup> groups, Options defaults)
            {
                _defaults = defaults;
                foreach (var group in groups)
                {
                    add_param_group(group);
                }
            }

            public (double, double) Betas
            {
                get => (_defaults.beta1!.Value, _defaults.beta2!.Value);
                set => (_defaults.beta1, _defaults.beta2) = (value.Item1, value.Item2);
            }

            public override void add_param_group(Modules.ParamGroup param_group)
            {
                var options = (Options)(param_group.Options ??= new Options());
                options.LearningRate ??= _defaults.LearningRate;
                options.beta1 ??= _defaults.beta1;
                options.beta2 ??= _defaults.beta2;
                options.eps ??= _defaults.eps;
                options.weight_decay ??= _defaults.weight_decay;
                base.add_param_group(param_group);
            }

            private protected override OptimizerState NewState(Parameter parameter, OptimizerOptions options) =>
                new State(parameter);

            private protected override void Update(Parameter parameter, Tensor gradient, OptimizerOptions options, OptimizerState state) =>
                Update(parameter, gradient, (Options)options, (State)state);

            private static void Update(Parameter parameter, Tensor gradient, Options options, State state)
            {
                gradient = Decayed(gradient, parameter, options.weight_decay);
                state.step++;
                var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
                state.exp_avg.mul_(beta1).add_(gradient, alpha: 1 - beta1);
                state.exp_inf.mul_(beta2);
                state.exp_inf.copy_(state.exp_inf.maximum(gradient.abs().add_(options.eps!.Value)));
                var stepSize = options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step));
                parameter.addcdiv_(state.exp_avg, state.exp_inf, value: -stepSize);
            }

            public class Options : OptimizerOptions
            {
                public double? beta1;

                public double? beta2;

                public double? eps;

                public double? weight_decay;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var options = (Options)source;
                    beta1 = options.beta1;
                    beta2 = options.beta2;
                    eps = options.eps;
                    weight_decay = options.weight_decay;
                }
            }

            public class ParamGroup : ParamGroup<Options>, optim.IBetas
            {
                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options)
                {
                }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 1.0, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                    double weight_decay = 0)
                    : base(parameters, new Options
                    {
                        LearningRate = lr,
                        beta1 = beta1,
                        beta2 = beta2,
                        eps = eps,
                        weight_decay = weight_decay,
                    })
                {
                }

                public (double, double) Betas
                {
                    get => (Options.beta1!.Value, Options.beta2!.Value);
                    set => (Options.beta1, Options.beta2) = (value.Item1, value.Item2);
                }
            }

            public sealed class State : OptimizerState
            {
                public long step;

                public Tensor exp_avg;

                public Tensor exp_inf;

                internal State(Parameter parameter)
                    : base(parameter)
                {
                    exp_avg = Zeros();
                    exp_inf = Zeros();
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = (State)source;
                    Release();
                    step = from.step;
                    exp_avg = Copy(from.exp_avg);
                    exp_inf = Copy(from.exp_inf);
                }

                internal override void Release()
                {
                    exp_avg.Dispose();
                    exp_inf.Dispose();
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Adamax Adamax(
                IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0) =>
                Adamax([new Adamax.ParamGroup(parameters, new Adamax.Options())], lr, beta1, beta2, eps, weight_decay);

            public static Adamax Adamax(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.002, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0) =>
                Adamax(parameters.Select(named => named.parameter), lr, beta1, beta2, eps, weight_decay);

            public static Adamax Adamax(
                IEnumerable<Adamax.ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-08, double weight_decay = 0) =>
                new(parameters, new Adamax.Options
                {
                    LearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                });
        }
    }
}
