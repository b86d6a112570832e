using System.Buffers.Binary;
using System.IO.Compression;
using Vae.Core.Engine;

namespace Vae.Core.Data.Formats;

/// <summary>
/// Decompresses a gzip file (RFC 1952) of one or more members. The framework's stream ends quietly where a file is truncated and says
/// nothing of
/// bytes after the end, so here headers and trailers are read and checked, and only the compressed data between them is left to the
/// framework.
/// </summary>
internal sealed class CheckedGzipStream : ForwardStream
{
    private const int TrailerLength = 8;

    private readonly FileStream _file;
    private readonly string _path;
    private readonly DeliveredBytes _input;
    private DeflateStream? _member;
    private Crc32 _checksum;
    private long _memberLength;
    private long _total;

    public CheckedGzipStream(FileStream file, string path)
    {
        _file = file;
        _path = path;
        _input = new DeliveredBytes(file);
        BeginMember();
    }

    public override long Position
    {
        get => _total;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a file begins as gzip files do; its position is left at the start.</summary>
    public static bool Begins(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == magic.Length && magic is [0x1F, 0x8B];
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (_member is not null)
        {
            int read = ReadMember(buffer);
            if (read > 0)
            {
                _checksum.Append(buffer[..read]);
                _memberLength += read;
                _total += read;
                return read;
            }

            EndMember();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadMember(Span<byte> buffer)
    {
        try
        {
            return _member!.Read(buffer);
        }
        catch (InvalidDataException exception)
        {
            throw InputFile.Bad(
                _path,
                $"damaged gzip file: compressed data is wrong after {_total} bytes of content; get the file again", exception);
        }
    }

    private void BeginMember()
    {
        ReadHeader();
        _input.Forget();
        _checksum = default;
        _memberLength = 0;
        _member = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>
    /// Finds where the member that has just been read ends. The decompressor does not tell how much of the input it used, but the trailer,
    /// which
    /// follows at once, is known by now: checksum and length of the content.
    /// </summary>
    private void EndMember()
    {
        _member!.Dispose();
        _member = null;
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _checksum.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], unchecked((uint)_memberLength));

        byte[] candidates = _input.WithFollowing(TrailerLength + 2);
        int after = -1;
        for (int found = 0, from = 0; (found = candidates.AsSpan(from).IndexOf(trailer)) >= 0; from += found + 1)
        {
            after = from + found + TrailerLength;
            ReadOnlySpan<byte> next = candidates.AsSpan(after);
            if (_input.Start + after == _file.Length)
            {
                return;
            }

            if (next is [0x1F, 0x8B, ..])
            {
                _file.Position = _input.Start + after;
                BeginMember();
                return;
            }
        }

        throw after < 0
            ? InputFile.Bad(
                _path,
                $"truncated or damaged gzip file: no matching checksum after {_total} bytes of content; get the file again")
            : InputFile.Bad(
                _path,
                $"{_file.Length - _input.Start - after} bytes follow the end of the gzip data at byte {_input.Start + after}");
    }

    private void ReadHeader()
    {
        long start = _file.Position;
        Span<byte> header = stackalloc byte[10];
        ReadHeaderBytes(header);
        byte flags = header[3];
        if (header[2] != 8 || (flags & 0xE0) != 0)
        {
            throw InputFile.Bad(_path, $"at byte {start}: unknown kind of gzip file (method {header[2]}, flags 0x{flags:x2})");
        }

        if ((flags & 4) != 0)
        {
            Span<byte> length = stackalloc byte[2];
            ReadHeaderBytes(length);
            _file.Position += BinaryPrimitives.ReadUInt16LittleEndian(length);
        }

        int texts = ((flags & 8) != 0 ? 1 : 0) + ((flags & 16) != 0 ? 1 : 0);
        Span<byte> one = stackalloc byte[1];
        while (texts > 0)
        {
            ReadHeaderBytes(one);
            texts -= one[0] == 0 ? 1 : 0;
        }

        if ((flags & 2) != 0)
        {
            ReadHeaderBytes(stackalloc byte[2]);
        }
    }

    private void ReadHeaderBytes(Span<byte> bytes)
    {
        if (_file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw InputFile.Bad(_path, "truncated gzip file: it ends in a header; get the file again");
        }
    }

    /// <summary>Hands a file's bytes to the decompressor and keeps the last two portions, in which a member's end must lie.</summary>
    private sealed class DeliveredBytes(FileStream file) : ForwardStream
    {
        private byte[] _previous = [];
        private byte[] _last = [];

        /// <summary>The offset in the file of the oldest byte kept.</summary>
        public long Start { get; private set; }

        public void Forget()
        {
            _previous = [];
            _last = [];
            Start = file.Position;
        }

        /// <summary>The bytes kept and up to <paramref name="count"/> that have not been delivered.</summary>
        public byte[] WithFollowing(int count)
        {
            var following = new byte[count];
            int read = file.ReadAtLeast(following, count, throwOnEndOfStream: false);
            return [.. _previous, .. _last, .. following.AsSpan(0, read)];
        }

        public override int Read(Span<byte> buffer)
        {
            int read = file.Read(buffer);
            if (read > 0)
            {
                Start += _previous.Length;
                _previous = _last;
                _last = buffer[..read].ToArray();
            }

            return read;
        }
    }
}
