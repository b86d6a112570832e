using System.Buffers.Binary;

namespace Vae.Core.Data.Formats;

/// <summary>
/// Reads IDX, the format of MNIST, plain or compressed: two zero bytes, the element type, the number of dimensions, each dimension as a
/// 32-bit big-endian number, then the elements. Everything is checked: type, dimensions, true length, label range, bytes after the end.
/// </summary>
internal static class IdxReader
{
    private const byte UnsignedByte = 0x08;

    private static readonly Dictionary<byte, string> TypeNames = new()
    {
        [UnsignedByte] = "unsigned byte",
        [0x09] = "signed byte",
        [0x0B] = "16-bit integer",
        [0x0C] = "32-bit integer",
        [0x0D] = "32-bit floating point",
        [0x0E] = "64-bit floating point",
    };

    /// <summary>Reads images [N, H, W] or [N, C, H, W] and, where a second file is given, their labels [N].</summary>
    /// <param name="name">What the set is called in messages.</param>
    /// <param name="imagesPath">The file of images.</param>
    /// <param name="labelsPath">The file of labels, or null.</param>
    /// <param name="labelCount">The number of classes, which labels must be below.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> or <see cref="FailureKind.BadData"/>.</exception>
    public static ImageSet ReadImages(string name, string imagesPath, string? labelsPath = null, int labelCount = 0)
    {
        using ImageStream stream = OpenImages(imagesPath);
        PixelStore pixels = stream.Read(int.MaxValue);
        int[]? labels = labelsPath is null ? null : ReadLabels(labelsPath, labelCount);
        return labels is null || labels.Length == pixels.Count
            ? new ImageSet(name, stream.Shape, pixels, labels)
            : throw InputFile.Bad(labelsPath!, $"{labels.Length} labels for the {pixels.Count} images of {imagesPath}");
    }

    /// <summary>Reads labels [N], each below the number of classes.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> or <see cref="FailureKind.BadData"/>.</exception>
    public static int[] ReadLabels(string path, int labelCount)
    {
        using ImageStream stream = Open(path, "labels", 1, 1, (_, _) => new ImageShape(1, 1, 1));
        PixelStore pixels = stream.Read(int.MaxValue);
        int[] labels = [.. Enumerable.Range(0, pixels.Count).Select(i => pixels[i].Span[0])];
        int wrong = Array.FindIndex(labels, label => label >= labelCount);
        return wrong < 0 ? labels : throw InputFile.Bad(
            path, $"at byte {HeaderLength(1) + wrong}: label {labels[wrong]} of image {wrong} where 0 to {labelCount - 1} is expected");
    }

    /// <summary>Opens a file of images [N, H, W] or [N, C, H, W], to be read a limited number at a time.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> or <see cref="FailureKind.BadData"/>.</exception>
    internal static ImageStream OpenImages(string path) => Open(path, "images", 3, 4, ImageStream.ShapeOf);

    private static ImageStream Open(string path, string content, int fewest, int most, Func<string, long[], ImageShape> shapeOf) =>
        InputFile.TakeOver(InputFile.OpenRead(path), stream =>
        {
            int[] dimensions = InputFile.Read(path, () => ReadHeader(stream, path, content, fewest, most));
            ImageShape shape = shapeOf(path, [.. dimensions.Skip(1)]);
            CheckPlainLength(stream, path, dimensions);
            return new ImageStream(stream, path, shape, dimensions[0], string.Join('x', dimensions), HeaderLength(dimensions.Length));
        });

    private static int[] ReadHeader(Stream stream, string path, string content, int fewest, int most)
    {
        Span<byte> magic = stackalloc byte[4];
        Fill(stream, path, magic, 0);
        if (magic[0] != 0 || magic[1] != 0 || !TypeNames.TryGetValue(magic[2], out string? type))
        {
            throw InputFile.Bad(
                path, $"at byte 0: 0x{Convert.ToHexStringLower(magic)} is not the magic number of an IDX file of {content}");
        }

        if (magic[2] != UnsignedByte)
        {
            throw InputFile.Bad(path, $"at byte 2: elements of type {type} (0x{magic[2]:x2}) where unsigned byte (0x08) is expected");
        }

        int rank = magic[3];
        if (rank < fewest || rank > most)
        {
            string expected = fewest == most ? $"{fewest}" : $"{fewest} or {most}";
            throw InputFile.Bad(path, $"at byte 3: {rank} dimensions where {expected} are expected; is this really the file of {content}?");
        }

        int[] dimensions = new int[rank];
        Span<byte> size = stackalloc byte[4];
        for (int i = 0; i < rank; i++)
        {
            int offset = HeaderLength(i);
            Fill(stream, path, size, offset);
            uint value = BinaryPrimitives.ReadUInt32BigEndian(size);
            dimensions[i] = value is >= 1 and <= int.MaxValue
                ? (int)value
                : throw InputFile.Bad(path, $"at byte {offset}: dimension {i} is {value} where 1 to {int.MaxValue} is expected");
        }

        return dimensions;
    }

    private static void Fill(Stream stream, string path, Span<byte> bytes, int offset)
    {
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
        {
            throw InputFile.Bad(path, $"at byte {offset + read}: the file ends in its IDX header");
        }
    }

    /// <summary>The true length of a plain file is known before anything is read.</summary>
    private static void CheckPlainLength(Stream stream, string path, int[] dimensions)
    {
        if (stream is FileStream file)
        {
            Int128 expected = Announced(dimensions) + HeaderLength(dimensions.Length);
            if (file.Length != expected)
            {
                throw InputFile.Bad(
                    path, $"{file.Length} bytes long where the header announces {string.Join('x', dimensions)}, {expected} bytes with it");
            }
        }
    }

    private static Int128 Announced(int[] dimensions) => dimensions.Aggregate(Int128.One, (product, size) => product * size);

    private static int HeaderLength(int rank) => 4 + (4 * rank);
}
