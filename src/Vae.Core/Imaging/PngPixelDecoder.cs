using System.Buffers.Binary;

namespace Vae.Core.Imaging;

/// <summary>Turns unfiltered rows of any PNG pixel format into 8-bit grey or RGB over black.</summary>
internal sealed class PngPixelDecoder
{
    private readonly PngHeader _header;
    private readonly int _largest;
    private readonly byte[] _palette;
    private readonly int[]? _transparent;

    public PngPixelDecoder(PngChunks chunks)
    {
        _header = chunks.Header;
        _largest = (1 << _header.BitDepth) - 1;
        _palette = _header.ColorType == PngColorType.Palette ? ComposePalette(chunks) : [];
        _transparent = _header.ColorType is PngColorType.Grey or PngColorType.Rgb ? Samples16(chunks.Transparency) : null;
        OutputChannels = _header.ColorType switch
        {
            PngColorType.Grey or PngColorType.GreyAlpha => 1,
            PngColorType.Palette => IsGrey(_palette) ? 1 : 3,
            _ => 3,
        };
    }

    /// <summary>1 where the picture can hold nothing but grey, 3 otherwise.</summary>
    public int OutputChannels { get; }

    /// <summary>Writes the pixels of one row of a pass to their places in the picture's row.</summary>
    /// <exception cref="FormatException">A pixel names a colour that the palette has not.</exception>
    public void DecodeRow(ReadOnlySpan<byte> row, PngPass pass, Span<byte> target)
    {
        int count = pass.Columns(_header.Width);
        Span<int> samples = stackalloc int[4];
        for (int i = 0; i < count; i++)
        {
            for (int s = 0; s < _header.SamplesPerPixel; s++)
            {
                samples[s] = Sample(row, (i * _header.SamplesPerPixel) + s);
            }

            Write(samples, target.Slice((pass.StartX + (i * pass.StepX)) * OutputChannels, OutputChannels));
        }
    }

    private void Write(ReadOnlySpan<int> samples, Span<byte> pixel)
    {
        switch (_header.ColorType)
        {
            case PngColorType.Palette:
                int entry = samples[0] * 3;
                if (entry >= _palette.Length)
                {
                    throw new FormatException($"a pixel has colour {samples[0]} of a palette of {_palette.Length / 3}");
                }

                _palette.AsSpan(entry, pixel.Length).CopyTo(pixel);
                break;
            case PngColorType.GreyAlpha or PngColorType.RgbAlpha:
                for (int c = 0; c < pixel.Length; c++)
                {
                    pixel[c] = OverBlack(samples[c], samples[pixel.Length]);
                }

                break;
            default:
                bool hidden = _transparent is not null && samples[.._transparent.Length].SequenceEqual(_transparent);
                for (int c = 0; c < pixel.Length; c++)
                {
                    pixel[c] = hidden ? (byte)0 : OverBlack(samples[c], _largest);
                }

                break;
        }
    }

    /// <summary>sample · alpha, both from 0 to the largest value of the bit depth, to the nearest of 0 to 255.</summary>
    private byte OverBlack(int sample, int alpha)
    {
        long unit = (long)_largest * _largest;
        return (byte)((((long)sample * alpha * 255) + (unit / 2)) / unit);
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        switch (_header.BitDepth)
        {
            case 8:
                return row[index];
            case 16:
                return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
            default:
                int bit = index * _header.BitDepth;
                return (row[bit >> 3] >> (8 - _header.BitDepth - (bit & 7))) & _largest;
        }
    }

    private static byte[] ComposePalette(PngChunks chunks)
    {
        byte[] palette = chunks.Palette!.Value.ToArray();
        ReadOnlySpan<byte> alpha = chunks.Transparency is { } transparency ? transparency.Span : [];
        for (int i = 0; i < 3 * alpha.Length; i++)
        {
            palette[i] = (byte)(((palette[i] * alpha[i / 3]) + 127) / 255);
        }

        return palette;
    }

    private static bool IsGrey(byte[] palette)
    {
        for (int i = 0; i < palette.Length; i += 3)
        {
            if (palette[i] != palette[i + 1] || palette[i] != palette[i + 2])
            {
                return false;
            }
        }

        return true;
    }

    private static int[]? Samples16(ReadOnlyMemory<byte>? data)
    {
        if (data is not { } bytes)
        {
            return null;
        }

        int[] samples = new int[bytes.Length / 2];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[(2 * i)..]);
        }

        return samples;
    }
}
