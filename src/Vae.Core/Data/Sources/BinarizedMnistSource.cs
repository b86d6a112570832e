namespace Vae.Core.Data.Sources;

/// <summary>MNIST binarized once and for all (Larochelle and Murray 2011), <c>binarized_mnist</c>: 50,000 + 10,000 + 10,000 images, no labels.</summary>
public sealed class BinarizedMnistSource : IImageSource
{
    /// <inheritdoc/>
    public string Name => "binarized_mnist";

    /// <inheritdoc/>
    public ImageShape Shape => new(1, 28, 28);

    /// <inheritdoc/>
    public int StandardValidation => 10_000;

    /// <inheritdoc/>
    public ImageSet Load(DatasetPart part, DataLoadContext context) => throw new NotImplementedException();

    /// <inheritdoc/>
    public DataSplits LoadSplits(int? validation, DataLoadContext context) => throw new NotImplementedException();
}
