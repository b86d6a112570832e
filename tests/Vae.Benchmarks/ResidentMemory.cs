using System.Buffers.Text;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Vae.Benchmarks;

/// <summary>
/// The resident memory of this process, read again and again. On Linux a reading takes no memory itself: that of a hundred readings would
/// else be all that grows.
/// </summary>
internal sealed class ResidentMemory : IDisposable
{
    private const string Statistics = "/proc/self/statm"; // pages: all, resident, …

    private readonly SafeFileHandle? _file = File.Exists(Statistics) ? File.OpenHandle(Statistics) : null;
    private readonly byte[] _text = new byte[128];

    /// <summary>In bytes.</summary>
    public long Read()
    {
        if (_file is null)
        {
            using Process process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }

        ReadOnlySpan<byte> text = _text.AsSpan(0, RandomAccess.Read(_file, _text, 0));
        text = text[(text.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(text, out long pages, out _)
            ? pages * Environment.SystemPageSize
            : throw new InvalidDataException($"{Statistics} does not have the form that it should have");
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
