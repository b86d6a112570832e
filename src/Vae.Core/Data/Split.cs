namespace Vae.Core.Data;

/// <summary>The part of a data set as its publisher divides it.</summary>
public enum DatasetPart
{
    /// <summary>The published training part.</summary>
    Train,

    /// <summary>The published test part.</summary>
    Test,
}

/// <summary>What images are used for.</summary>
public enum Split
{
    /// <summary>Fitting the weights.</summary>
    Train,

    /// <summary>Choosing the best checkpoint.</summary>
    Validation,

    /// <summary>The final figures.</summary>
    Test,
}
