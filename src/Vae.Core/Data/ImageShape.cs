namespace Vae.Core.Data;

/// <summary>The shape of one image, or of features laid out like one, stored channels first as [C, H, W].</summary>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Values per image: channels × height × width.</summary>
    public int PixelCount => checked(Channels * Height * Width);

    internal long[] ToArray() => [Channels, Height, Width];

    /// <summary>The shape as C×H×W.</summary>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}
