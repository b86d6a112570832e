namespace Vae.Core.Data;

/// <summary>A data set divided for use.</summary>
public sealed record DataSplits(ImageSet Train, ImageSet Validation, ImageSet Test)
{
    /// <summary>The images of one split.</summary>
    public ImageSet Of(Split split) => split switch
    {
        Split.Train => Train,
        Split.Validation => Validation,
        Split.Test => Test,
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, null),
    };
}
