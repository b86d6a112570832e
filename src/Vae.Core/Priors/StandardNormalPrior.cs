namespace Vae.Core.Priors;

/// <summary>N(0, I).</summary>
internal sealed record StandardNormalPriorConfiguration : PriorConfiguration
{
    public override bool HasClosedFormKl => true;

    public override Prior Build(PriorContext context) => new StandardNormalPrior(context.Latent);
}

/// <summary>p(z) = N(0, I).</summary>
internal sealed class StandardNormalPrior(int dimension) : Prior(dimension)
{
    public override bool HasClosedFormKl => true;

    internal override DensePrior? DenseForm => new();

    public override LatentDensity At(Condition? condition) => new StandardNormalDensity();
}
