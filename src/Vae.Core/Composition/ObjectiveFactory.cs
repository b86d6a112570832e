using Vae.Core.Configuration;
using Vae.Core.Objectives;

namespace Vae.Core.Composition;

/// <summary>Turns an objective's configuration into the objective.</summary>
internal static class ObjectiveFactory
{
    /// <summary>The objective, its schedule counted in steps.</summary>
    public static Objective Build(ObjectiveConfiguration configuration, int stepsPerEpoch) => configuration switch
    {
        ElboObjectiveConfiguration elbo => new ElboObjective(new BetaSchedule(elbo.Beta, (long)elbo.WarmupEpochs * stepsPerEpoch)),
        _ => throw new NotSupportedException($"{configuration} has no implementation."),
    };
}
