namespace Vae.Core.Data.Formats;

/// <summary>
/// Reads Larochelle's AMAT text of binary images, plain or compressed: one image a line, a 0 or 1 for each pixel, separated by blanks.
/// Ones become 255, so that value / 255 gives them back. Empty lines may follow the last image.
/// </summary>
internal static class AmatReader
{
    /// <summary>Reads all images of a file.</summary>
    /// <param name="name">What the set is called in messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="shape">The shape of each image, which the text does not tell.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> or <see cref="FailureKind.BadData"/>.</exception>
    public static ImageSet Read(string name, string path, ImageShape shape) =>
        new(name, shape, InputFile.Read(path, () => ReadPixels(path, shape.PixelCount)));

    private static PixelStore ReadPixels(string path, int pixelCount)
    {
        using BufferedStream text = new(InputFile.OpenRead(path), 1 << 16);
        PixelStore pixels = new(pixelCount);
        byte[] row = new byte[pixelCount];
        (int column, bool valueMayFollow, bool blankLine) = (0, true, false);
        for (int character = 0; character >= 0;)
        {
            character = text.ReadByte();
            switch (character)
            {
                case '0' or '1':
                    string? problem = !valueMayFollow ? $", after value {column}: '{(char)character}' follows without a blank"
                        : blankLine ? $": empty, an image of {pixelCount} values is expected"
                        : column == pixelCount ? $": more than the {pixelCount} values of an image"
                        : null;
                    if (problem is not null)
                    {
                        throw Bad(problem);
                    }

                    row[column++] = character == '1' ? byte.MaxValue : (byte)0;
                    valueMayFollow = false;
                    break;
                case ' ' or '\t' or '\r':
                    valueMayFollow = true;
                    break;
                case '\n' or -1 when column == 0:
                    blankLine = true;
                    break;
                case '\n' or -1 when column < pixelCount:
                    throw Bad($": {column} values where {pixelCount} are expected; truncated?");
                case '\n' or -1:
                    pixels.Extend(1);
                    row.CopyTo(pixels.Writable(pixels.Count - 1));
                    (column, valueMayFollow) = (0, true);
                    break;
                default:
                    string shown = character is > 32 and < 127 ? $"'{(char)character}'" : $"byte 0x{character:x2}";
                    throw Bad($", after value {column}: {shown} where 0 or 1 is expected");
            }
        }

        return pixels.Count > 0 ? pixels : throw InputFile.Bad(path, "holds no images");

        VaeException Bad(string problem) => InputFile.Bad(path, $"line {pixels.Count + 1}{problem}");
    }
}
