namespace Vae.Core.Data;

/// <summary>How grey values become zeros and ones.</summary>
public enum Binarization
{
    /// <summary>Not at all: value / 255.</summary>
    None,

    /// <summary>Drawn once as Bernoulli(value / 255) from the seed.</summary>
    Static,

    /// <summary>Drawn as Bernoulli(value / 255) anew each epoch.</summary>
    Dynamic,

    /// <summary>One where the value is 128 or more.</summary>
    Threshold,
}
