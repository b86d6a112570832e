using System.Buffers.Binary;
using System.Text;

namespace Vae.Core.Data.Formats;

/// <summary>The element types of NPY arrays that are written and read.</summary>
internal enum NpyType
{
    /// <summary>'&lt;f4', 32-bit floating point.</summary>
    Float32,

    /// <summary>'&lt;i8', 64-bit signed integers.</summary>
    Int64,

    /// <summary>'|u1', bytes.</summary>
    UInt8,
}

/// <summary>
/// The header of NumPy's NPY format, version 1.0 to 3.0: a magic string, the version, the length of the rest, then a Python dictionary with
/// the keys descr, fortran_order and shape, padded so that the values begin at a multiple of 64 bytes.
/// </summary>
internal static class NpyFormat
{
    private const int LongestHeader = 1 << 16;
    private const int Alignment = 64;
    private const int LargestRank = 32;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static int SizeOf(NpyType type) => type switch
    {
        NpyType.Float32 => sizeof(float),
        NpyType.Int64 => sizeof(long),
        NpyType.UInt8 => sizeof(byte),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static NpyType TypeOf<T>() =>
        typeof(T) == typeof(float) ? NpyType.Float32
        : typeof(T) == typeof(long) ? NpyType.Int64
        : typeof(T) == typeof(byte) ? NpyType.UInt8
        : throw new NotSupportedException($"NPY arrays of {typeof(T).Name} are not supported");

    public static byte[] CreateHeader(NpyType type, ReadOnlySpan<long> shape)
    {
        string sizes = string.Join(", ", shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)));
        string tuple = shape.Length == 1 ? $"({sizes},)" : $"({sizes})";
        string dictionary = $"{{'descr': '{Descriptor(type)}', 'fortran_order': False, 'shape': {tuple}, }}";
        int prefix = Magic.Length + 4;
        int length = (prefix + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - prefix));
        Encoding.ASCII.GetBytes(dictionary, header.AsSpan(prefix));
        header[^1] = (byte)'\n';
        return header;
    }

    public static (NpyType Type, long[] Shape) ReadHeader(Stream stream, string place)
    {
        Span<byte> start = stackalloc byte[8];
        Fill(stream, start, place);
        if (!start.StartsWith(Magic))
        {
            throw InputFile.Bad(place, "at byte 0: not the magic string of an NPY file");
        }

        int version = start[6];
        if (version is < 1 or > 3 || start[7] != 0)
        {
            throw InputFile.Bad(place, $"at byte 6: NPY version {version}.{start[7]} where 1.0, 2.0 or 3.0 is expected");
        }

        Span<byte> lengthBytes = stackalloc byte[version == 1 ? 2 : 4];
        Fill(stream, lengthBytes, place);
        long length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > LongestHeader)
        {
            throw InputFile.Bad(place, $"at byte 8: a header of {length} bytes where at most {LongestHeader} are expected");
        }

        byte[] text = new byte[length];
        Fill(stream, text, place);
        return new HeaderParser(Encoding.Latin1.GetString(text), place).Parse();
    }

    private static string Descriptor(NpyType type) => type switch
    {
        NpyType.Float32 => "<f4",
        NpyType.Int64 => "<i8",
        _ => "|u1",
    };

    private static void Fill(Stream stream, Span<byte> bytes, string place)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw InputFile.Bad(place, "ends in its NPY header");
        }
    }

    /// <summary>Reads the one form of Python dictionary that the format allows.</summary>
    private sealed class HeaderParser(string text, string place)
    {
        private int _position;

        public (NpyType Type, long[] Shape) Parse()
        {
            NpyType? type = null;
            bool? fortranOrder = null;
            long[]? shape = null;
            Expect('{');
            while (!Accept('}'))
            {
                string key = QuotedText();
                Expect(':');
                switch (key)
                {
                    case "descr" when type is null:
                        type = Type();
                        break;
                    case "fortran_order" when fortranOrder is null:
                        fortranOrder = Boolean();
                        break;
                    case "shape" when shape is null:
                        shape = Shape();
                        break;
                    default:
                        throw Bad($"unknown or repeated key '{key}'");
                }

                if (!Accept(','))
                {
                    Expect('}');
                    break;
                }
            }

            SkipBlanks();
            if (_position < text.Length || type is null || fortranOrder is null || shape is null)
            {
                throw Bad("the keys descr, fortran_order and shape and nothing else are expected");
            }

            return fortranOrder.Value
                ? throw Bad("Fortran order; save the array in C order (numpy.ascontiguousarray)")
                : (type.Value, shape);
        }

        private NpyType Type()
        {
            string descriptor = QuotedText();
            return descriptor switch
            {
                "<f4" => NpyType.Float32,
                "<i8" => NpyType.Int64,
                "|u1" => NpyType.UInt8,
                _ => throw Bad($"elements of type '{descriptor}' where float32 '<f4', int64 '<i8' or uint8 '|u1' is expected"),
            };
        }

        private bool Boolean()
        {
            SkipBlanks();
            foreach ((string? word, bool value) in new[] { ("True", true), ("False", false) })
            {
                if (string.CompareOrdinal(text, _position, word, 0, word.Length) == 0)
                {
                    _position += word.Length;
                    return value;
                }
            }

            throw Bad("True or False is expected");
        }

        private long[] Shape()
        {
            List<long> sizes = new List<long>();
            Expect('(');
            while (!Accept(')'))
            {
                sizes.Add(Number());
                if (!Accept(','))
                {
                    Expect(')');
                    break;
                }
            }

            return sizes.Count <= LargestRank
                ? [.. sizes]
                : throw Bad($"{sizes.Count} dimensions where at most {LargestRank} are expected");
        }

        private long Number()
        {
            SkipBlanks();
            int start = _position;
            while (_position < text.Length && char.IsAsciiDigit(text[_position]))
            {
                _position++;
            }

            return long.TryParse(text.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number
                : throw Bad("a size is expected");
        }

        private string QuotedText()
        {
            SkipBlanks();
            char quote = _position < text.Length ? text[_position] : ' ';
            int end = quote is '\'' or '"' ? text.IndexOf(quote, _position + 1) : -1;
            if (end < 0)
            {
                throw Bad("quoted text is expected");
            }

            string result = text[(_position + 1)..end];
            _position = end + 1;
            return result.All(character => character is >= ' ' and <= '~') ? result : throw Bad("unprintable text");
        }

        private void Expect(char character)
        {
            if (!Accept(character))
            {
                throw Bad($"'{character}' is expected");
            }
        }

        private bool Accept(char character)
        {
            SkipBlanks();
            bool found = _position < text.Length && text[_position] == character;
            _position += found ? 1 : 0;
            return found;
        }

        private void SkipBlanks()
        {
            while (_position < text.Length && text[_position] is (' ' or '\n'))
            {
                _position++;
            }
        }

        private VaeException Bad(string problem) => InputFile.Bad(place, $"NPY header, character {_position}: {problem}");
    }
}
