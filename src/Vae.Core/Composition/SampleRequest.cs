namespace Vae.Core.Composition;

/// <summary>Where `sample` draws latents from.</summary>
public enum SamplePrior
{
    /// <summary>The prior the model was trained with.</summary>
    Model,

    /// <summary>The mixture that `fit-prior` fitted to the codes afterwards.</summary>
    Fitted,
}

/// <summary>Everything `sample` needs to know.</summary>
public sealed record SampleRequest : ModelRequest
{
    /// <summary>How many images.</summary>
    public int Count { get; init; } = 64;

    /// <summary>Seed of the prior's draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where latents are drawn from.</summary>
    public SamplePrior Prior { get; init; } = SamplePrior.Model;

    /// <summary>Standard deviation of the prior's draws, as a factor: 1 is the prior itself, 0 its mean.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draw pixels from the likelihood instead of showing its mean.</summary>
    public bool DrawPixels { get; init; }
}
