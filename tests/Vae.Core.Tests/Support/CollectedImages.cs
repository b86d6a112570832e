namespace Vae.Core.Tests.Support;

/// <summary>Keeps the images a verb writes.</summary>
internal sealed class CollectedImages : IImageWriter
{
    private readonly List<float> _pixels = [];

    public ImageLayout? Layout { get; private set; }

    public float[] Pixels => [.. _pixels];

    public void Begin(ImageLayout layout) => Layout = layout;

    public void Write(ReadOnlySpan<float> pixels) => _pixels.AddRange(pixels);
}
