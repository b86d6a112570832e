using System.Buffers.Binary;
using System.Text;

namespace Vae.Core.Imaging;

/// <summary>
/// The chunks of a PNG file after a check of signature, order, lengths and checksums. Compressed data are kept as places
/// in the file, not copied.
/// </summary>
internal sealed class PngChunks
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly List<ReadOnlyMemory<byte>> _imageData = [];
    private PngHeader? _header;
    private bool _imageDataOver;

    private PngChunks(ReadOnlyMemory<byte> file) => _file = file;

    public PngHeader Header => _header!;

    public IReadOnlyList<ReadOnlyMemory<byte>> ImageData => _imageData;

    /// <summary>Entries of red, green, blue; null where there is no PLTE.</summary>
    public ReadOnlyMemory<byte>? Palette { get; private set; }

    /// <summary>The content of tRNS; null where there is none.</summary>
    public ReadOnlyMemory<byte>? Transparency { get; private set; }

    /// <summary>Walks the whole file.</summary>
    /// <exception cref="FormatException">The file breaks the format; the message names the byte.</exception>
    public static PngChunks Parse(ReadOnlyMemory<byte> file)
    {
        if (!file.Span.StartsWith(PngFormat.Signature))
        {
            throw new FormatException("byte 0: no PNG signature, so this is no PNG file");
        }

        PngChunks chunks = new(file);
        int position = PngFormat.Signature.Length;
        bool ended = false;
        while (!ended)
        {
            ended = chunks.ReadChunk(ref position);
        }

        if (position != file.Length)
        {
            throw new FormatException($"byte {position}: {file.Length - position} bytes follow the end of the picture");
        }

        return chunks;
    }

    private bool ReadChunk(ref int position)
    {
        ReadOnlySpan<byte> rest = _file.Span[position..];
        if (rest.Length < PngFormat.ChunkOverhead)
        {
            throw new FormatException($"byte {position}: the file ends where a chunk should begin; it is truncated");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        ReadOnlySpan<byte> type = rest.Slice(4, 4);
        string name = Name(type, position);
        if (length > rest.Length - PngFormat.ChunkOverhead)
        {
            throw new FormatException($"byte {position}: chunk {name} of {length} bytes goes past the end of the file; it is truncated");
        }

        int dataLength = (int)length;
        uint expected = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + dataLength)..]);
        if (PngFormat.Crc(rest.Slice(4, 4 + dataLength)) != expected)
        {
            throw new FormatException($"byte {position}: the checksum of chunk {name} does not match; the file is damaged");
        }

        if (Accept(type, _file.Slice(position + 8, dataLength)) is { } problem)
        {
            throw new FormatException($"byte {position}: {problem}");
        }

        position += PngFormat.ChunkOverhead + dataLength;
        return type.SequenceEqual("IEND"u8);
    }

    private static string Name(ReadOnlySpan<byte> type, int position)
    {
        foreach (byte letter in type)
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                throw new FormatException($"byte {position}: a chunk type that is not four letters; the file is damaged");
            }
        }

        return Encoding.ASCII.GetString(type);
    }

    /// <summary>Takes one chunk in its turn; returns what is wrong with it, or null.</summary>
    private string? Accept(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data)
    {
        bool isHeader = type.SequenceEqual("IHDR"u8);
        bool isImageData = type.SequenceEqual("IDAT"u8);
        if (isHeader != _header is null)
        {
            return isHeader ? "a second IHDR" : "the first chunk is not IHDR";
        }

        _imageDataOver |= _imageData.Count > 0 && !isImageData;
        if (isHeader)
        {
            return AcceptHeader(data.Span);
        }

        if (isImageData)
        {
            _imageData.Add(data);
            return _imageDataOver ? "IDAT chunks are not in one row"
                : Header.ColorType == PngColorType.Palette && Palette is null ? "a picture of palette colours has no PLTE before IDAT"
                : null;
        }

        if (type.SequenceEqual("PLTE"u8))
        {
            return AcceptPalette(data);
        }

        if (type.SequenceEqual("tRNS"u8))
        {
            return AcceptTransparency(data);
        }

        if (type.SequenceEqual("IEND"u8))
        {
            return data.Length > 0 ? "IEND is not empty" : _imageData.Count == 0 ? "the picture ends without any IDAT" : null;
        }

        // Bit 5 of the first letter: what an old reader may pass over.
        bool ancillary = (type[0] & 0x20) != 0;
        return ancillary ? null : $"chunk {Encoding.ASCII.GetString(type)} is needed to show the picture, but unknown to PNG";
    }

    private string? AcceptHeader(ReadOnlySpan<byte> data)
    {
        if (data.Length != PngHeader.Length)
        {
            return $"IHDR has {data.Length} bytes instead of {PngHeader.Length}";
        }

        _header = PngHeader.Parse(data);
        return null;
    }

    private string? AcceptPalette(ReadOnlyMemory<byte> data)
    {
        if (Palette is not null || _imageData.Count > 0 || Transparency is not null)
        {
            return "PLTE is there twice, or comes after tRNS or IDAT";
        }

        if (Header.ColorType is PngColorType.Grey or PngColorType.GreyAlpha)
        {
            return "a grey picture has a PLTE";
        }

        int most = Header.ColorType == PngColorType.Palette ? 1 << Header.BitDepth : 256;
        if (data.Length == 0 || data.Length % 3 != 0 || data.Length / 3 > most)
        {
            return $"PLTE has {data.Length} bytes, which is not 1 to {most} colours of 3 bytes";
        }

        Palette = data;
        return null;
    }

    private string? AcceptTransparency(ReadOnlyMemory<byte> data)
    {
        if (Transparency is not null || _imageData.Count > 0)
        {
            return "tRNS is there twice, or comes after IDAT";
        }

        bool fits = Header.ColorType switch
        {
            PngColorType.Grey => data.Length == 2,
            PngColorType.Rgb => data.Length == 6,
            PngColorType.Palette => Palette is { } palette && data.Length <= palette.Length / 3,
            _ => false,
        };
        if (!fits)
        {
            return $"tRNS of {data.Length} bytes does not fit a picture of this kind";
        }

        Transparency = data;
        return null;
    }
}
