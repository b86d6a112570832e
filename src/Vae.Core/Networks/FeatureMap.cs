namespace Vae.Core.Networks;

/// <summary>The shape of an image or of features laid out like one, [C, H, W].</summary>
public readonly record struct FeatureMap(int Channels, int Height, int Width)
{
    /// <summary>Numbers in it.</summary>
    public int Count => checked(Channels * Height * Width);

    /// <summary>The shape as an array, [C, H, W].</summary>
    internal long[] Shape => [Channels, Height, Width];

    /// <summary>The maps that layers of the stride leave of an image's sides, the image first: each side is divided and rounded up.</summary>
    internal static FeatureMap[] Reduce(FeatureMap image, int layers, int stride)
    {
        FeatureMap[] maps = new FeatureMap[layers + 1];
        maps[0] = image;
        for (int i = 0; i < layers; i++)
        {
            maps[i + 1] = maps[i] with { Height = Reduced(maps[i].Height, stride), Width = Reduced(maps[i].Width, stride) };
        }

        return maps;
    }

    internal static int Reduced(int length, int stride) => (length + stride - 1) / stride;
}
