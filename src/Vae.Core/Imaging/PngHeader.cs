using System.Buffers.Binary;

namespace Vae.Core.Imaging;

/// <summary>How a PNG file stores a pixel (IHDR, table 11.1 of the specification).</summary>
internal enum PngColorType
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}

/// <summary>The checked content of an IHDR chunk.</summary>
internal sealed record PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    public const int Length = 13;

    public int SamplesPerPixel => ColorType switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GreyAlpha => 2,
        PngColorType.RgbAlpha => 4,
        _ => 1,
    };

    public int BitsPerPixel => SamplesPerPixel * BitDepth;

    /// <summary>How far back the filters look: a whole pixel, one byte where pixels are smaller than that.</summary>
    public int FilterDistance => Math.Max(1, BitsPerPixel / 8);

    /// <summary>Bytes of a row of so many pixels, without its filter type.</summary>
    public int RowLength(int width) => (int)((((long)width * BitsPerPixel) + 7) / 8);

    /// <summary>The reduced images that make up the picture: one, or Adam7's seven without those that have no pixel.</summary>
    public IEnumerable<PngPass> Passes()
    {
        PngPass[] all = Interlaced
            ? [new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)]
            : [new(0, 0, 1, 1)];
        return all.Where(pass => pass.Columns(Width) > 0 && pass.Rows(Height) > 0);
    }

    /// <summary>Bytes of all rows with their filter types, which is what the compressed data must give.</summary>
    public long InflatedLength() => Passes().Sum(pass => pass.Rows(Height) * (1L + RowLength(pass.Columns(Width))));

    /// <summary>Reads the 13 bytes of IHDR; the message of a failure is for the user, without the path.</summary>
    /// <exception cref="FormatException">The header is wrong or over a limit.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        PictureReader.CheckSize(width, height);
        PngColorType type = (PngColorType)data[9];
        if (!IsAllowed(type, data[8]))
        {
            throw new FormatException($"IHDR gives colour type {data[9]} with {data[8]} bits a sample, which PNG does not have");
        }

        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new FormatException(
                $"IHDR gives compression {data[10]}, filter method {data[11]} and interlace {data[12]}, which PNG does not have");
        }

        return new PngHeader((int)width, (int)height, data[8], type, data[12] == 1);
    }

    private static bool IsAllowed(PngColorType type, int bits) => type switch
    {
        PngColorType.Grey => bits is 1 or 2 or 4 or 8 or 16,
        PngColorType.Palette => bits is 1 or 2 or 4 or 8,
        PngColorType.Rgb or PngColorType.GreyAlpha or PngColorType.RgbAlpha => bits is 8 or 16,
        _ => false,
    };
}

/// <summary>A reduced image: every <paramref name="StepX"/>th column from <paramref name="StartX"/> on, rows likewise.</summary>
internal readonly record struct PngPass(int StartX, int StartY, int StepX, int StepY)
{
    public int Columns(int width) => (width - StartX + StepX - 1) / StepX;

    public int Rows(int height) => (height - StartY + StepY - 1) / StepY;
}
