using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

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
        if (!type.All(char.IsAsciiLetter))
        {
            throw new FormatException($"byte {position}: a chunk type that is not four letters; the file is damaged");
        }

        if (length > rest.Length - Overhead)
        {
            throw new FormatException($"byte {position}: chunk {type} of {length} bytes goes past the end of the file; it is truncated");
        }

        int dataLength = (int)length;
        if (Crc32.HashToUInt32(rest.Slice(4, 4 + dataLength)) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + dataLength)..]))
        {
            throw new FormatException($"byte {position}: the checksum of chunk {type} does not match; the file is damaged");
        }

        if (Accept(type, file.Slice(position + 8, dataLength)) is { } problem)
        {
            throw new FormatException($"byte {position}: {problem}");
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
            case "IHDR":
                return AcceptHeader(data.Span);
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
                return AcceptEnd(data);
            default:
                // Of chunks whose first letter is small any reader may know nothing.
                return char.IsAsciiLetterLower(type[0]) ? null : $"chunk {type} is needed to show the picture, but unknown to PNG";
        }
    }

    private string? AcceptEnd(ReadOnlyMemory<byte> data)
    {
        if (!data.IsEmpty || !_imageDataBegun)
        {
            return _imageDataBegun ? "IEND is not empty" : "the picture ends without any IDAT";
        }

        // Before any memory is taken for the pixels.
        long inflated = Header.InflatedLength();
        return inflated > ImageData.Length * LargestRatio
            ? $"{ImageData.Length} bytes of IDAT cannot hold the {inflated} that the header asks for"
            : null;
    }

    private string? AcceptHeader(ReadOnlySpan<byte> data)
    {
        if (_header is not null || data.Length != PngHeader.Length)
        {
            return _header is not null ? "a second IHDR" : $"IHDR has {data.Length} bytes instead of {PngHeader.Length}";
        }

        _header = PngHeader.Parse(data);
        IsGrey = Header.ColorType is PngColorType.Grey or PngColorType.GreyAlpha;
        return null;
    }

    private string? AcceptPalette(ReadOnlyMemory<byte> data)
    {
        if (!_palette.IsEmpty || _imageDataBegun || _hasTransparency)
        {
            return "PLTE is there twice, or comes after tRNS or IDAT";
        }

        if (IsGrey)
        {
            return "a grey picture has a PLTE";
        }

        bool isPalette = Header.ColorType == PngColorType.Palette;
        int most = isPalette ? 1 << Header.BitDepth : 256;
        if (data.IsEmpty || data.Length % 3 != 0 || data.Length / 3 > most)
        {
            return $"PLTE has {data.Length} bytes, which is not 1 to {most} colours of 3 bytes";
        }

        _palette = data;
        IsGrey = isPalette && data.ToArray().Chunk(3).All(colour => colour[0] == colour[1] && colour[0] == colour[2]);
        return null;
    }

    private string? AcceptTransparency(ReadOnlyMemory<byte> data)
    {
        if (_hasTransparency || _imageDataBegun)
        {
            return "tRNS is there twice, or comes after IDAT";
        }

        bool fits = Header.ColorType switch
        {
            PngColorType.Grey => data.Length == 2,
            PngColorType.Rgb => data.Length == 6,
            PngColorType.Palette => !_palette.IsEmpty && data.Length <= _palette.Length / 3,
            _ => false,
        };
        if (!fits)
        {
            return $"tRNS of {data.Length} bytes does not fit a picture of this kind";
        }

        _hasTransparency = true;
        Transparency = data;
        return null;
    }
}
