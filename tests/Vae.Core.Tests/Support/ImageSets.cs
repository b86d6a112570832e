namespace Vae.Core.Tests.Support;

/// <summary>Sets of images from their pixels.</summary>
internal static class ImageSets
{
    /// <summary>Copies the pixels, [N, C, H, W].</summary>
    public static ImageSet Of(ImageShape shape, byte[] pixels, int[]? labels = null, FactorTable? factors = null)
    {
        PixelStore store = new(shape.PixelCount);
        Assert.Equal(0, store.Append(new MemoryStream(pixels), int.MaxValue) % shape.PixelCount);
        return new ImageSet("test", shape, store, labels, factors: factors);
    }
}
