using System.Buffers.Binary;

namespace Vae.Core.Data.Formats;

/// <summary>
/// Looks at the directory at the end of a zip file before the framework reads it: the framework makes an object of each entry, in which a
/// file of nothing but entries grows several times.
/// </summary>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int Zip64LocatorLength = 20;
    private const int Zip64EndLength = 56;
    private const uint InZip64 = uint.MaxValue;

    private static ReadOnlySpan<byte> End => "PK\u0005\u0006"u8;

    private static ReadOnlySpan<byte> Zip64Locator => "PK\u0006\u0007"u8;

    /// <summary>
    /// The bytes from the beginning of the directory, as the file tells it, to the end of the file; null where the file has no such record
    /// and so is no zip. The file's position is left at its start.
    /// </summary>
    public static long? Length(FileStream file)
    {
        var tail = new byte[Math.Min(file.Length, EndLength + LongestComment + Zip64LocatorLength)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        int end = tail.AsSpan().LastIndexOf(End);
        long? start = end >= 0 && end + EndLength <= tail.Length ? Start(file, tail, end) : null;
        file.Position = 0;
        return file.Length - start;
    }

    private static long? Start(FileStream file, ReadOnlySpan<byte> tail, int end)
    {
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(tail[(end + 16)..]);
        int locator = end - Zip64LocatorLength;
        if (locator < 0 || !tail[locator..].StartsWith(Zip64Locator))
        {
            return start;
        }

        long place = BinaryPrimitives.ReadInt64LittleEndian(tail[(locator + 8)..]);
        if (place < 0 || place > file.Length - Zip64EndLength)
        {
            return null;
        }

        Span<byte> zip64 = stackalloc byte[Zip64EndLength];
        file.Position = place;
        file.ReadExactly(zip64);
        long larger = BinaryPrimitives.ReadInt64LittleEndian(zip64[48..]);
        return start == InZip64 ? larger : Math.Min(start, larger);
    }
}
