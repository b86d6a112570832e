using Vae.Core.Configuration;
using Vae.Core.Priors;

namespace Vae.Core.Composition;

/// <summary>Turns a prior's configuration into the prior.</summary>
internal static class PriorFactory
{
    /// <summary>The prior over latents of so many dimensions.</summary>
    public static Prior Build(PriorConfiguration configuration, int latent) => configuration switch
    {
        StandardNormalPriorConfiguration => new StandardNormalPrior(latent),
        _ => throw new NotSupportedException($"{configuration} has no implementation."),
    };
}
