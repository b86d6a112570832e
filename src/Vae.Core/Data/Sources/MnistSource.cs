namespace Vae.Core.Data.Sources;

/// <summary>MNIST, and Fashion-MNIST, which has the same form: 60,000 + 10,000 labelled grey images of 28×28 in four IDX files.</summary>
public sealed class MnistSource : IImageSource
{
    private MnistSource(string name) => Name = name;

    /// <summary>Handwritten digits (LeCun, Cortes and Burges), <c>mnist</c>.</summary>
    public static MnistSource Digits { get; } = new("mnist");

    /// <summary>Articles of clothing (Xiao, Rasul and Vollgraf 2017), <c>fashion_mnist</c>.</summary>
    public static MnistSource Fashion { get; } = new("fashion_mnist");

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ImageShape Shape => new(1, 28, 28);

    /// <inheritdoc/>
    public int StandardValidation => 10_000;

    /// <inheritdoc/>
    public ImageSet Load(DatasetPart part, DataLoadContext context) => throw new NotImplementedException();

    /// <inheritdoc/>
    public DataSplits LoadSplits(int? validation, DataLoadContext context) => throw new NotImplementedException();
}
