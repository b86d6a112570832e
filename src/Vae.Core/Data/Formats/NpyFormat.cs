using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace Vae.Core.Data.Formats;

/// <summary>The element types of NPY arrays.</summary>
internal enum NpyType
{
    Float32,
    Int64,
    UInt8,
}

/// <summary>
/// NumPy's NPY format, little-endian and in C order: a header, version 1.0 to 3.0, then the values. The header is a magic string, the
/// version, the length of the rest, then a Python dictionary with the keys descr, fortran_order and shape, padded so that the values begin
/// at a multiple of 64 bytes.
/// </summary>
internal static class NpyFormat
{
    private const int LongestHeader = 1 << 16;
    private const int Alignment = 64;

    // In the order of the types.
    private static readonly string[] Descriptors = ["<f4", "<i8", "|u1"];

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static NpyType TypeOf<T>() =>
        typeof(T) == typeof(float) ? NpyType.Float32
        : typeof(T) == typeof(long) ? NpyType.Int64
        : typeof(T) == typeof(byte) ? NpyType.UInt8
        : throw new NotSupportedException($"NPY arrays of {typeof(T).Name} are not supported");

    /// <summary>The header, version 1.0.</summary>
    public static byte[] CreateHeader(NpyType type, ReadOnlySpan<long> shape)
    {
        string sizes = string.Join(", ", shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)));
        string tuple = shape.Length == 1 ? $"({sizes},)" : $"({sizes})";
        string dictionary = $"{{'descr': '{Descriptors[(int)type]}', 'fortran_order': False, 'shape': {tuple}, }}";
        int prefix = Magic.Length + 4;
        int length = (prefix + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        (header[6], header[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - prefix));
        Encoding.ASCII.GetBytes(dictionary, header.AsSpan(prefix));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary>Reads the header and leaves the stream at the first value.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/>.</exception>
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
        uint length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > LongestHeader)
        {
            throw InputFile.Bad(place, $"at byte 8: a header of {length} bytes where at most {LongestHeader} are expected");
        }

        byte[] text = new byte[length];
        Fill(stream, text, place);
        return new NpyHeaderParser(Encoding.Latin1.GetString(text), place).Parse(Descriptors);
    }

    /// <summary>Opens uint8 images [H, W], [N, H, W] or [N, C, H, W], to be read a limited number at a time.</summary>
    /// <param name="stream">An array to the end of the stream, which is taken over.</param>
    /// <param name="place">What the stream is, for messages.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/>.</exception>
    public static ImageStream OpenImages(Stream stream, string place) => InputFile.TakeOver(stream, taken =>
    {
        (NpyType type, long[] shape) = InputFile.Read(place, () => ReadHeader(taken, place));
        long count = shape.Length == 2 ? 1 : shape.FirstOrDefault();
        string? problem = type != NpyType.UInt8
            ? $"elements of type {type} where uint8 from 0 (black) to 255 (white) is expected; convert and save it again"
            : shape.Length is < 2 or > 4 ? $"{shape.Length} dimensions where images [H, W], [N, H, W] or [N, C, H, W] are expected"
            : count is < 1 or > int.MaxValue ? $"{count} images are announced where 1 to {int.MaxValue} are expected"
            : null;
        if (problem is not null)
        {
            throw InputFile.Bad(place, problem);
        }

        ImageShape image = ImageStream.ShapeOf(place, shape.Length == 2 ? shape : shape[1..]);
        return new ImageStream(taken, place, image, (int)count, string.Join('x', shape));
    });

    private static void Fill(Stream stream, Span<byte> bytes, string place)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw InputFile.Bad(place, "ends in its NPY header");
        }
    }
}

/// <summary>Reads the one form of Python dictionary that the format allows.</summary>
internal sealed partial class NpyHeaderParser(string text, string place)
{
    private const int LargestRank = 32;

    private readonly Match[] _words = [.. Words().Matches(text).Cast<Match>()];
    private int _next;

    private string Next => _next < _words.Length ? _words[_next].Groups[1].Value : "";

    /// <param name="descriptors">Of the types, in their order.</param>
    public (NpyType Type, long[] Shape) Parse(string[] descriptors)
    {
        Dictionary<string, object> values = [];
        Take("'{'", word => word == "{");
        while (!Accepts("}"))
        {
            string key = Quoted();
            Take("':'", word => word == ":");
            object value = key switch
            {
                _ when values.ContainsKey(key) => throw Bad($"unknown or repeated key '{key}'"),
                "descr" => Type(descriptors),
                "fortran_order" => Take("True or False", word => word is "True" or "False") == "True",
                "shape" => Shape(),
                _ => throw Bad($"unknown or repeated key '{key}'"),
            };
            values.Add(key, value);
            if (!Accepts(","))
            {
                Take("'}'", word => word == "}");
                break;
            }
        }

        if (_words.Sum(word => word.Length) < text.TrimEnd(' ', '\n').Length || _next < _words.Length || values.Count < 3)
        {
            throw Bad("the keys descr, fortran_order and shape and nothing else are expected");
        }

        return values["fortran_order"] is true
            ? throw Bad("Fortran order; save the array in C order (numpy.ascontiguousarray)")
            : ((NpyType)values["descr"], (long[])values["shape"]);
    }

    private NpyType Type(string[] descriptors)
    {
        string descriptor = Quoted();
        int type = Array.IndexOf(descriptors, descriptor);
        return type >= 0
            ? (NpyType)type
            : throw Bad($"elements of type '{descriptor}' where float32 '<f4', int64 '<i8' or uint8 '|u1' is expected");
    }

    private long[] Shape()
    {
        List<long> sizes = [];
        Take("'('", word => word == "(");
        while (!Accepts(")"))
        {
            string size = Take("a size", word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _));
            sizes.Add(long.Parse(size, CultureInfo.InvariantCulture));
            if (!Accepts(","))
            {
                Take("')'", word => word == ")");
                break;
            }
        }

        return sizes.Count <= LargestRank ? [.. sizes] : throw Bad($"{sizes.Count} dimensions where at most {LargestRank} are expected");
    }

    private string Quoted() => Take("quoted text", word => word.StartsWith('\'') || word.StartsWith('"'))[1..^1];

    private string Take(string expected, Predicate<string> isRight)
    {
        string word = Next;
        _next += isRight(word) ? 1 : throw Bad($"{expected} is expected");
        return word;
    }

    private bool Accepts(string word)
    {
        bool found = Next == word;
        _next += found ? 1 : 0;
        return found;
    }

    private VaeException Bad(string problem)
    {
        int position = _next < _words.Length ? _words[_next].Groups[1].Index : _words.Sum(word => word.Length);
        return InputFile.Bad(place, $"NPY header, character {position}: {problem}");
    }

    // Words without a gap from the beginning on: texts in quotation marks, numbers and names, and single marks.
    [GeneratedRegex("""\G[ \n]*('[ -&(-~]*'|"[ !#-~]*"|[A-Za-z0-9_]+|[{}(),:])""", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
