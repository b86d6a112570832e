using Vae.Core.Configuration;
using Vae.Core.Models;
using Vae.Core.Training;
using Vae.Core.Training.Fused;

namespace Vae.Core.Composition;

/// <summary>Turns an optimizer's configuration into the optimizer.</summary>
internal static class OptimizerFactory
{
    /// <summary>The optimizer over the model's parameters, which must be on their final device.</summary>
    public static ModelOptimizer Build(TrainConfiguration configuration, VariationalAutoencoder model)
    {
        ModelOptimizer optimizer = Rule(configuration, model);
        return configuration.GradientClip > 0 ? new ClippingOptimizer(model, optimizer, configuration.GradientClip) : optimizer;
    }

    /// <summary>The same rule over flat parameters, which it then owns.</summary>
    public static FusedOptimizer Fused(TrainConfiguration configuration, FlatParameters parameters) => new(parameters, FusedRule(configuration))
    {
        LearningRate = configuration.LearningRate,
        GradientClip = configuration.GradientClip,
    };

    /// <summary>The numbers that the rule keeps for each weight.</summary>
    public static int StatesPerWeight(TrainConfiguration configuration) => FusedRule(configuration).StateNames.Count;

    /// <summary>The average of the weights, where the configuration asks for one.</summary>
    public static WeightAverage? Average(TrainConfiguration configuration, VariationalAutoencoder model) =>
        configuration.EmaDecay > 0 ? new WeightAverage(model, configuration.EmaDecay) : null;

    private static ModelOptimizer Rule(TrainConfiguration configuration, VariationalAutoencoder model) => configuration.Optimizer switch
    {
        AdamConfiguration adam => new AdamModelOptimizer(model, Options(configuration, adam)),
        AdamWConfiguration adam => new AdamWModelOptimizer(model, Options(configuration, adam) with { WeightDecay = adam.WeightDecay }),
        AdamaxConfiguration adam => new AdamaxModelOptimizer(model, Options(configuration, adam)),
        SgdConfiguration sgd => new SgdModelOptimizer(model, configuration.LearningRate, sgd.Momentum, sgd.Nesterov),
        _ => throw new NotSupportedException($"{configuration.Optimizer} has no implementation."),
    };

    private static UpdateRule FusedRule(TrainConfiguration configuration) => configuration.Optimizer switch
    {
        AdamConfiguration adam => new AdamRule(Options(configuration, adam)),
        AdamWConfiguration adam => new AdamRule(Options(configuration, adam) with { WeightDecay = adam.WeightDecay }),
        AdamaxConfiguration adam => new AdamaxRule(Options(configuration, adam)),
        SgdConfiguration sgd => new SgdRule(sgd.Momentum, sgd.Nesterov),
        _ => throw new NotSupportedException($"{configuration.Optimizer} has no implementation."),
    };

    private static AdamOptions Options(TrainConfiguration configuration, AdamFamilyConfiguration adam) =>
        new(configuration.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon);
}
