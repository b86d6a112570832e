using System.Buffers.Binary;
using System.IO.Hashing;

namespace Vae.Core.Imaging;

/// <summary>
/// The chunks of a PNG file after a check of signature, order, lengths and checksums (W3C, Portable Network Graphics, third edition),
/// of which Skia skips most once it has its pixels.
/// </summary>
internal sealed class PngChunks
{
    // Bytes of a chunk besides its data: length, type, checksum.
    private const int Overhead = 12;

    // Deflate cannot do better: 258 bytes from 2 bits.
    private const int LargestRatio = 1032;

    private PngHeader? _header;
    private ReadOnlyMemory<byte> _palette;
    private bool _hasTransparency;
    private bool _imageDataBegun;
    private bool _imageDataOver;

    private PngChunks(int fileLength) => ImageData = new MemoryStream(fileLength);

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public PngHeader Header => _header!;

    /// <summary>The content of all IDAT together.</summary>
    public MemoryStream ImageData { get; }

    /// <summary>The content of tRNS; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Transparency { get; private set; }

    /// <summary>Whether the file has an ICC profile.</summary>
    public bool HasProfile { get; private set; }

    /// <summary>How many colours pixels may name: those of the palette, or all that they can.</summary>
    public int Colours => Header.ColorType == PngColorType.Palette ? _palette.Length / 3 : int.MaxValue;

    /// <summary>Whether the picture can hold nothing but grey, by its format or its palette.</summary>
    public bool IsGrey { get; private set; }

    /// <summary>Walks the whole file.</summary>
    /// <exception cref="FormatException">The file breaks the format; the message names the byte.</exception>
    public static PngChunks Parse(ReadOnlyMemory<byte> file)
    {
        if (!file.Span.StartsWith(Signature))
        {
            throw new FormatException("byte 0: no PNG signature, so this is no PNG file");
        }

        PngChunks chunks = new(file.Length);
        int position = Signature.Length;
        bool ended = false;
        while (!ended)
        {
            ended = chunks.ReadChunk(file, ref position);
        }

        return position == file.Length
            ? chunks
            : throw new FormatException($"byte {position}: {file.Length - position} bytes follow the end of the picture");
    }

    private bool ReadChunk(ReadOnlyMemory<byte> file, ref int position)
    {
        ReadOnlySpan<byte> rest = file.Span[position..];
        if (rest.Length < Overhead)
        {
            throw new FormatException($"byte {position}: the file ends where a chunk should begin; it is truncated");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        string type = Encoding.Latin1.GetString(rest.Slice(4, 4));
        int dataLength = (int)Math.Min(length, rest.Length - Overhead);
        string? damage = !type.All(char.IsAsciiLetter) ? "a chunk type that is not four letters; the file is damaged"
            : length > dataLength ? $"chunk {type} of {length} bytes goes past the end of the file; it is truncated"
            : Crc32.HashToUInt32(rest.Slice(4, 4 + dataLength)) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + dataLength)..])
                ? $"the checksum of chunk {type} does not match; the file is damaged"
            : Accept(type, file.Slice(position + 8, dataLength));
        if (damage is not null)
        {
            throw new FormatException($"byte {position}: {damage}");
        }

        position += Overhead + dataLength;
        return type == "IEND";
    }

    /// <summary>Takes one chunk in its turn; returns what is wrong with it, or null.</summary>
    private string? Accept(string type, ReadOnlyMemory<byte> data)
    {
        _imageDataOver |= _imageDataBegun && type != "IDAT";
        switch (type)
        {
            case "IHDR" when _header is not null:
                return "a second IHDR";
            case "IHDR" when data.Length != PngHeader.Length:
                return $"IHDR has {data.Length} bytes instead of {PngHeader.Length}";
            case "IHDR":
                _header = PngHeader.Parse(data.Span);
                IsGrey = Header.ColorType is PngColorType.Grey or PngColorType.GreyAlpha;
                return null;
            case var _ when _header is null:
                return "the first chunk is not IHDR";
            case "PLTE":
                return AcceptPalette(data);
            case "tRNS":
                return AcceptTransparency(data);
            case "iCCP":
                HasProfile = true;
                return null;
            case "IDAT":
                _imageDataBegun = true;
                ImageData.Write(data.Span);
                return _imageDataOver ? "IDAT chunks are not in one row"
                    : Header.ColorType == PngColorType.Palette && _palette.IsEmpty ? "a picture of palette colours has no PLTE before IDAT"
                    : null;
            case "IEND":
                long inflated = Header.InflatedLength(); // before any memory is taken for the pixels
                return !_imageDataBegun ? "the picture ends without any IDAT"
                    : !data.IsEmpty ? "IEND is not empty"
                    : inflated <= ImageData.Length * LargestRatio ? null
                    : $"{ImageData.Length} bytes of IDAT cannot hold the {inflated} that the header asks for";
            default:
                // Of chunks whose first letter is small any reader may know nothing.
                return char.IsAsciiLetterLower(type[0]) ? null : $"chunk {type} is needed to show the picture, but unknown to PNG";
        }
    }

    private string? AcceptPalette(ReadOnlyMemory<byte> data)
    {
        bool isPalette = Header.ColorType == PngColorType.Palette;
        int most = isPalette ? 1 << Header.BitDepth : 256;
        if (!_palette.IsEmpty || _imageDataBegun || _hasTransparency || IsGrey
            || data.IsEmpty || data.Length % 3 != 0 || data.Length / 3 > most)
        {
            return !_palette.IsEmpty || _imageDataBegun || _hasTransparency ? "PLTE is there twice, or comes after tRNS or IDAT"
                : IsGrey ? "a grey picture has a PLTE"
                : $"PLTE has {data.Length} bytes, which is not 1 to {most} colours of 3 bytes";
        }

        _palette = data;
        IsGrey = isPalette && data.ToArray().Chunk(3).All(colour => colour[0] == colour[1] && colour[0] == colour[2]);
        return null;
    }

    private string? AcceptTransparency(ReadOnlyMemory<byte> data)
    {
        bool comesTooLate = _hasTransparency || _imageDataBegun;
        bool fits = Header.ColorType switch
        {
            PngColorType.Grey => data.Length == 2,
            PngColorType.Rgb => data.Length == 6,
            PngColorType.Palette => !_palette.IsEmpty && data.Length <= _palette.Length / 3,
            _ => false,
        };
        _hasTransparency = true;
        Transparency = data;
        return comesTooLate ? "tRNS is there twice, or comes after IDAT"
            : fits ? null
            : $"tRNS of {data.Length} bytes does not fit a picture of this kind";
    }
}

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
