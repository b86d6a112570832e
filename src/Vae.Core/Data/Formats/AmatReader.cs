namespace Vae.Core.Data.Formats;

/// <summary>
/// Reads Larochelle's AMAT text of binary images, plain or compressed: one image a line, a 0 or 1 for each pixel, separated by blanks.
/// Ones become 255, so that value / 255 gives them back.
/// </summary>
internal static class AmatReader
{
    private const int BufferLength = 1 << 16;

    /// <summary>Reads all images of a file.</summary>
    /// <param name="name">What the set is called in messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="shape">The shape of each image, which the text does not tell.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> or <see cref="FailureKind.BadData"/>.</exception>
    public static ImageSet Read(string name, string path, ImageShape shape)
    {
        PixelStore pixels = InputFile.Read(path, () => ReadPixels(path, shape));
        return new ImageSet(name, shape, pixels);
    }

    private static PixelStore ReadPixels(string path, ImageShape shape)
    {
        using Stream stream = GzipFile.OpenRead(path);
        Parser parser = new Parser(path, shape.PixelCount);
        byte[] buffer = new byte[BufferLength];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            parser.Parse(buffer.AsSpan(0, read));
        }

        return parser.Finish();
    }

    private sealed class Parser(string path, int pixelCount)
    {
        private readonly PixelStore _pixels = new(pixelCount);
        private readonly byte[] _row = new byte[pixelCount];
        private int _column;
        private bool _valueMayFollow = true;
        private bool _blankLine;

        private int Line => _pixels.Count + 1;

        public void Parse(ReadOnlySpan<byte> text)
        {
            foreach (byte character in text)
            {
                switch (character)
                {
                    case (byte)'0' or (byte)'1':
                        Value(character);
                        break;
                    case (byte)' ' or (byte)'\t' or (byte)'\r':
                        _valueMayFollow = true;
                        break;
                    case (byte)'\n':
                        EndLine();
                        break;
                    default:
                        throw InputFile.Bad(path, $"line {Line}, after value {_column}: {Show(character)} where 0 or 1 is expected");
                }
            }
        }

        public PixelStore Finish()
        {
            if (_column > 0)
            {
                EndLine();
            }

            return _pixels.Count > 0 ? _pixels : throw InputFile.Bad(path, "holds no images");
        }

        private void Value(byte character)
        {
            if (!_valueMayFollow)
            {
                throw InputFile.Bad(path, $"line {Line}, after value {_column}: {Show(character)} follows without a blank");
            }

            if (_blankLine)
            {
                throw InputFile.Bad(path, $"line {Line}: empty, an image of {pixelCount} values is expected");
            }

            if (_column == pixelCount)
            {
                throw InputFile.Bad(path, $"line {Line}: more than the {pixelCount} values of an image");
            }

            _row[_column++] = character == '1' ? byte.MaxValue : (byte)0;
            _valueMayFollow = false;
        }

        private void EndLine()
        {
            _valueMayFollow = true;
            if (_column == 0)
            {
                _blankLine = true; // allowed at the end of the file only
                return;
            }

            if (_column < pixelCount)
            {
                throw InputFile.Bad(path, $"line {Line}: {_column} values where {pixelCount} are expected; truncated?");
            }

            _pixels.Extend(1);
            _row.CopyTo(_pixels.Writable(_pixels.Count - 1));
            _column = 0;
        }

        private static string Show(byte character) => character is > 32 and < 127 ? $"'{(char)character}'" : $"byte 0x{character:x2}";
    }
}
