using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Vae.Core.Tests.Fuzzing;

/// <summary>
/// Damages files in the ways that find faults in parsers: flipped bits, cut ends, inserted, repeated and moved pieces, numbers at
/// their limits (as bytes and as digits), words of the format. The same seed gives the same files.
/// </summary>
internal sealed class Mutator(int seed, params string[] dictionary)
{
    private static readonly long[] Boundaries =
    [
        0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 99_999_999, 100_000_000, 100_000_001,
        int.MaxValue, (long)int.MaxValue + 1, uint.MaxValue, (long)uint.MaxValue + 1, long.MaxValue, long.MinValue,
    ];

    private readonly Random _random = new(seed);
    private readonly byte[][] _words = [.. dictionary.Select(Encoding.UTF8.GetBytes)];

    /// <summary>One damaged copy; the file itself stays as it is.</summary>
    public byte[] Mutate(byte[] file)
    {
        List<byte> bytes = new List<byte>(file);
        for (int left = _random.Next(1, 5); left > 0; left--)
        {
            MutateOnce(bytes);
        }

        return [.. bytes];
    }

    private void MutateOnce(List<byte> bytes)
    {
        switch (_random.Next(9))
        {
            case 0 when bytes.Count > 0:
                bytes[_random.Next(bytes.Count)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[_random.Next(bytes.Count)] = (byte)_random.Next(256);
                break;
            case 2:
                int cut = _random.Next(bytes.Count + 1);
                bytes.RemoveRange(cut, bytes.Count - cut);
                break;
            case 3:
                (int start, int length) = Piece(bytes);
                bytes.RemoveRange(start, length);
                break;
            case 4:
                bytes.InsertRange(Place(bytes), Enumerable.Range(0, _random.Next(1, 17)).Select(_ => (byte)_random.Next(256)));
                break;
            case 5:
                (int from, int count) = Piece(bytes);
                bytes.InsertRange(Place(bytes), bytes.GetRange(from, count));
                break;
            case 6:
                PutBinaryBoundary(bytes);
                break;
            case 7:
                PutDecimalBoundary(bytes);
                break;
            default:
                bytes.InsertRange(Place(bytes), _words.Length == 0 ? [0] : _words[_random.Next(_words.Length)]);
                break;
        }
    }

    private int Place(List<byte> bytes) => _random.Next(bytes.Count + 1);

    private (int Start, int Length) Piece(List<byte> bytes)
    {
        int start = Place(bytes);
        return (start, _random.Next(Math.Min(bytes.Count - start, 64) + 1));
    }

    private void PutBinaryBoundary(List<byte> bytes)
    {
        Span<byte> word = stackalloc byte[8];
        long value = Boundaries[_random.Next(Boundaries.Length)];
        int size = 1 << _random.Next(4);
        if (_random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(word, value);
            word = word[..size];
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(word, value);
            word = word[^size..];
        }

        // The heads of files hold their counts and sizes, so half of the numbers go there.
        int reach = _random.Next(2) == 0 ? Math.Min(bytes.Count, 32) : bytes.Count;
        int place = reach < size ? 0 : _random.Next(reach - size + 1);
        bytes.RemoveRange(place, Math.Min(size, bytes.Count - place));
        bytes.InsertRange(place, word);
    }

    private void PutDecimalBoundary(List<byte> bytes)
    {
        int place = bytes.FindIndex(Place(bytes), value => value is >= (byte)'0' and <= (byte)'9');
        if (place < 0)
        {
            return;
        }

        int end = place;
        while (end < bytes.Count && bytes[end] is >= (byte)'0' and <= (byte)'9')
        {
            end++;
        }

        bytes.RemoveRange(place, end - place);
        string digits = Boundaries[_random.Next(Boundaries.Length)].ToString(CultureInfo.InvariantCulture);
        bytes.InsertRange(place, Encoding.ASCII.GetBytes(digits));
    }
}
