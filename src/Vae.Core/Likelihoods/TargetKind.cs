namespace Vae.Core.Likelihoods;

/// <summary>What a likelihood wants to be given as the pixels of an image.</summary>
public enum TargetKind
{
    /// <summary>0 or 1.</summary>
    Binary,

    /// <summary>value / 255 exactly, from which the likelihood finds the level 0 … 255 again.</summary>
    Levels,

    /// <summary>value / 255, as numbers of [0, 1] under a density. What it says is no probability of an image.</summary>
    UnitInterval,

    /// <summary>
    /// (value + u) / 256 with u uniform in (0, 1): under a density, the mean over u of log p(y) − P·log 256 is a lower bound of the
    /// log-probability of the 8-bit image (Theis, van den Oord and Bethge 2016, section 3.1).
    /// </summary>
    Dequantized,
}
