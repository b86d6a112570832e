namespace Vae.Core.Data;

/// <summary>Divides published parts into training, validation and test images.</summary>
public static class DataSplitter
{
    /// <summary>
    /// Takes the last <paramref name="validation"/> images of the published training part for validation (for MNIST and 10,000 this is the
    /// usual division into 50,000, 10,000 and 10,000).
    /// </summary>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/> where too few images would be left to train on.</exception>
    public static DataSplits Split(ImageSet train, ImageSet test, int validation)
    {
        if (validation < 0 || validation >= train.Count)
        {
            throw new VaeException(
                FailureKind.BadData,
                $"data.validation: {validation} images cannot be set aside from the {train.Count} of {train.Name}; choose 0 to {train.Count - 1}");
        }

        int kept = train.Count - validation;
        return new DataSplits(train.Slice(0, kept), train.Slice(kept, validation), test);
    }
}
