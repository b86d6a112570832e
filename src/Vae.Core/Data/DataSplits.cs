namespace Vae.Core.Data;

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

/// <summary>A data set divided for use.</summary>
internal sealed record DataSplits(ImageSet Train, ImageSet Validation, ImageSet Test)
{
    /// <summary>
    /// Takes the last <paramref name="validation"/> images of the published training part for validation (for MNIST and 10,000 this is the
    /// usual division into 50,000, 10,000 and 10,000).
    /// </summary>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/> where too few images would be left to train on.</exception>
    public static DataSplits Divide(ImageSet train, ImageSet test, int validation)
    {
        if (validation < 0 || validation >= train.Count)
        {
            throw new VaeException(
                FailureKind.BadData,
                $"data.validation: {validation} images cannot be set aside from the {train.Count} of {train.Name}; "
                + $"choose 0 to {train.Count - 1}");
        }

        int kept = train.Count - validation;
        return new DataSplits(train.Slice(0, kept), train.Slice(kept, validation), test);
    }

    /// <summary>The images of one split.</summary>
    public ImageSet Of(Split split) => split switch
    {
        Split.Train => Train,
        Split.Validation => Validation,
        Split.Test => Test,
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, null),
    };
}
