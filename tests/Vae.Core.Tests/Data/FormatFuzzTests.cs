using System.Globalization;
using System.IO.Compression;
using System.Text;
using Vae.Core.Data;
using Vae.Core.Data.Formats;
using Vae.Core.Tests.Support;

namespace Vae.Core.Tests.Data;

/// <summary>Damaged data files are read or refused in one line that names the file, whatever the damage.</summary>
public sealed class FormatFuzzTests : IDisposable
{
    private static readonly byte[] Images = Bytes.Idx([5, 4, 3], [.. Enumerable.Range(0, 60).Select(i => (byte)(4 * i))]);
    private static readonly byte[] Labels = Bytes.Idx([12], [.. Enumerable.Range(0, 12).Select(i => (byte)(i % 10))]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Idx_files() => Fuzz(1, [Images, Bytes.Idx([2, 3, 2, 2], new byte[24])], path => IdxReader.ReadImages("set", path));

    [Fact]
    public void Idx_labels() => Fuzz(2, [Labels], path => IdxReader.ReadLabels(path, 10));

    [Fact]
    public void Gzip_files() =>
        Fuzz(3, [Bytes.Gzip(Images), [.. Bytes.Gzip(Images[..40]), .. Bytes.Gzip(Images[40..])]], path => IdxReader.ReadImages("set", path));

    [Fact]
    public void Amat_files()
    {
        byte[] text = Encoding.ASCII.GetBytes("0 1 1 0\n1 1 0 0\n0 0 0 1\n");
        Fuzz(4, [text, Bytes.Gzip(text)], path => AmatReader.Read("set", path, new ImageShape(1, 2, 2)), "0 1 1 0\n", "\n", " ", "\r", "2");
    }

    [Fact]
    public void Npy_files() => Fuzz(
        5,
        [Npy<float>([1, 2, 3, 4, 5, 6], 2, 3), Npy<long>([7], 1), Npy<byte>([1, 2, 3], 3)],
        path => NpyReader.Read(path),
        "'descr'", "'shape'", "'fortran_order'", "(", ")", "{", "}", ",", "'", "True", "'<f4'", "'|u1'", "4611686018427387904");

    [Fact]
    public void Npz_files() => Fuzz(6, [Npz(CompressionLevel.NoCompression), Npz(CompressionLevel.Optimal)], ReadAll, "PK\u0001\u0002", "PK\u0005\u0006", ".npy");

    private void Fuzz(int seed, byte[][] files, Action<string> read, params string[] words)
    {
        string path = _folder["damaged"];
        var (accepted, refused) = new Mutator(seed, words.Append("\0\0\0\0").ToArray()).Run(files, damaged =>
        {
            File.WriteAllBytes(path, damaged);
            try
            {
                read(path);
            }
            catch (VaeException refusal)
            {
                Assert.Equal(FailureKind.BadData, refusal.Kind);
                Assert.StartsWith(path + ": ", refusal.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(refusal.Message, char.IsControl);
                throw;
            }
        });

        Assert.True(accepted > 0 && refused > accepted, string.Create(CultureInfo.InvariantCulture, $"{accepted} accepted, {refused} refused"));
    }

    private static void ReadAll(string path)
    {
        using NpzReader reader = NpzReader.Open(path);
        foreach (string name in reader.Names)
        {
            reader.Read(name);
        }
    }

    private static byte[] Npy<T>(T[] values, params long[] shape)
        where T : unmanaged
    {
        using var output = new MemoryStream();
        NpyWriter.Write<T>(output, values, shape);
        return output.ToArray();
    }

    private static byte[] Npz(CompressionLevel level)
    {
        using var output = new MemoryStream();
        using (var archive = new ZipArchive(output, ZipArchiveMode.Create))
        {
            foreach (string name in new[] { "mean.npy", "label.npy" })
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(Npy<float>([1, 2, 3, 4], 2, 2));
            }
        }

        return output.ToArray();
    }
}
