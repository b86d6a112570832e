using Vae.Core.Configuration;
using Vae.Core.Objectives;

namespace Vae.Core.Composition;

/// <summary>Turns an objective's configuration into the objective.</summary>
internal static class ObjectiveFactory
{
    /// <summary>The objective, its schedule counted in steps.</summary>
    /// <param name="configuration">What is wanted.</param>
    /// <param name="stepsPerEpoch">Updates in an epoch.</param>
    /// <param name="trainingImages">Images in an epoch.</param>
    public static Objective Build(ObjectiveConfiguration configuration, int stepsPerEpoch, long trainingImages) => configuration switch
    {
        ElboObjectiveConfiguration elbo => new ElboObjective(Schedule(elbo, stepsPerEpoch)),
        FreeBitsObjectiveConfiguration freeBits => new FreeBitsObjective(freeBits.Lambda, Schedule(freeBits, stepsPerEpoch)),
        CapacityObjectiveConfiguration capacity =>
            new CapacityObjective(capacity.Gamma, capacity.Capacity, (long)capacity.RiseEpochs * stepsPerEpoch),
        IwaeObjectiveConfiguration iwae => new IwaeObjective(iwae.Samples, Gradient(iwae.Gradient)),
        BetaTcObjectiveConfiguration betaTc => new BetaTcObjective(trainingImages, Schedule(betaTc, stepsPerEpoch)),
        MmdObjectiveConfiguration mmd => new MmdObjective(mmd.KlWeight, mmd.MmdWeight, Kernel(mmd.Kernel), mmd.Bandwidth),
        _ => throw new NotSupportedException($"{configuration} has no implementation."),
    };

    private static BetaSchedule Schedule(WeightedObjectiveConfiguration weighted, int stepsPerEpoch) =>
        new(weighted.Beta, (long)weighted.WarmupEpochs * stepsPerEpoch, (long)weighted.CycleEpochs * stepsPerEpoch);

    private static IwaeGradient Gradient(IwaeGradientKind kind) => kind switch
    {
        IwaeGradientKind.Standard => IwaeGradient.Standard,
        IwaeGradientKind.Dreg => IwaeGradient.Dreg,
        IwaeGradientKind.Stl => IwaeGradient.Stl,
        _ => throw new NotSupportedException($"{kind} has no implementation."),
    };

    private static MmdKernel Kernel(MmdKernelKind kind) => kind switch
    {
        MmdKernelKind.Imq => MmdKernel.InverseMultiquadratic,
        MmdKernelKind.Rbf => MmdKernel.Gaussian,
        _ => throw new NotSupportedException($"{kind} has no implementation."),
    };
}
