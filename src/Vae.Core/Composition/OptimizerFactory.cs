using Vae.Core.Configuration;
using Vae.Core.Models;
using Vae.Core.Training;

namespace Vae.Core.Composition;

/// <summary>Turns an optimizer's configuration into the optimizer.</summary>
internal static class OptimizerFactory
{
    /// <summary>The optimizer over the model's parameters, which must be on their final device.</summary>
    public static ModelOptimizer Build(TrainConfiguration configuration, VariationalAutoencoder model) => configuration.Optimizer switch
    {
        AdamConfiguration adam => new AdamModelOptimizer(model, configuration.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon),
        _ => throw new NotSupportedException($"{configuration.Optimizer} has no implementation."),
    };
}
