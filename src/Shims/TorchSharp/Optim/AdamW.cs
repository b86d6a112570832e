using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
        public class AdamW : OptimizerHelper, optim.IBetas
        {
            private readonly Options _defaults;

            internal AdamW(IEnumerable<ParamGroup> groups, Options defaults)
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
                options.weight_decay ??= _defaults.weight_decay;
                options.eps ??= _defaults.eps;
                options.amsgrad ??= _defaults.amsgrad;
                options.maximize ??= _defaults.maximize;
                base.add_param_group(param_group);
            }

            private protected override OptimizerState NewState(Parameter parameter, OptimizerOptions options) =>
                new State(parameter, (Options)options);

            private protected override void Update(Parameter parameter, Tensor gradient, OptimizerOptions options, OptimizerState state) =>
                Update(parameter, gradient, (Options)options, (State)state);

            private static void Update(Parameter parameter, Tensor gradient, Options options, State state)
            {
                gradient = Directed(gradient, options.maximize);
                state.step++;
                parameter.mul_(1 - (options.LearningRate!.Value * options.weight_decay!.Value));
                AdamRule.Apply(
                    parameter, gradient, options.LearningRate!.Value, (options.beta1!.Value, options.beta2!.Value), options.eps!.Value,
                    (state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq));
            }

            public class Options : OptimizerOptions
            {
                public double? beta1;

                public double? beta2;

                public double? weight_decay;

                public double? eps;

                public bool? amsgrad;

                public bool? maximize;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var options = (Options)source;
                    beta1 = options.beta1;
                    beta2 = options.beta2;
                    weight_decay = options.weight_decay;
                    eps = options.eps;
                    amsgrad = options.amsgrad;
                    maximize = options.maximize;
                }
            }

            public class ParamGroup : ParamGroup<Options>, optim.IBetas
            {
                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options)
                {
                }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                    double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                    : base(parameters, new Options
                    {
                        LearningRate = lr,
                        beta1 = beta1,
                        beta2 = beta2,
                        weight_decay = weight_decay,
                        eps = eps,
                        amsgrad = amsgrad,
                        maximize = maximize,
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

                public Tensor exp_avg_sq;

                public Tensor? max_exp_avg_sq;

                internal State(Parameter parameter, Options options)
                    : base(parameter)
                {
                    exp_avg = Zeros();
                    exp_avg_sq = Zeros();
                    max_exp_avg_sq = options.amsgrad == true ? Zeros() : null;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = (State)source;
                    Release();
                    step = from.step;
                    exp_avg = Copy(from.exp_avg);
                    exp_avg_sq = Copy(from.exp_avg_sq);
                    max_exp_avg_sq = from.max_exp_avg_sq is null ? null : Copy(from.max_exp_avg_sq);
                }

                internal override void Release()
                {
                    exp_avg.Dispose();
                    exp_avg_sq.Dispose();
                    max_exp_avg_sq?.Dispose();
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static AdamW AdamW(
                IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                AdamW([new AdamW.ParamGroup(parameters, new AdamW.Options())], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                AdamW(parameters.Select(named => named.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(
                IEnumerable<AdamW.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, new AdamW.Options
                {
                    LearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    weight_decay = weight_decay,
                    eps = eps,
                    amsgrad = amsgrad,
                    maximize = maximize,
                });
        }
    }
}
