using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Vae.Core.Tests.Imaging;
using Vae.Core.Tests.Runs;

namespace Vae.Core.Tests.Fuzzing;

/// <summary>
/// Files made to take all memory or all time: small ones that unpack to hundreds of megabytes or claim gigabytes, and large ones that
/// could grow when read. None takes more than twice its own size and 64 MiB.
/// </summary>
public class HostileFileTests
{
    private const int Mebibyte = 1 << 20;

    private static readonly Dictionary<string, (string Parser, Func<byte[]> File)> Files = new()
    {
        ["IDX images that claim 10^28 bytes"] = ("idx images", () => Bytes.Idx([int.MaxValue, int.MaxValue, int.MaxValue], [1, 2, 3])),
        ["compressed IDX images that claim 128 TiB"] = ("idx images", () => Bytes.Gzip(Bytes.Idx([int.MaxValue, 8000, 8000], [1, 2, 3]))),
        ["a bomb behind IDX images"] = ("idx images", () => Bomb(Bytes.Idx([4, 2, 3], new byte[24]), [0], 100)),
        ["labels that claim 2 GiB"] = ("idx labels", () => Bytes.Gzip(Bytes.Idx([int.MaxValue], [1, 2, 3]))),
        ["a bomb behind labels"] = ("idx labels", () => Bomb(Bytes.Idx([3], [1, 2, 3]), [0], 100)),
        ["a bomb of 256 MiB"] = ("gzip", () => Bomb([], [0], 256, corrupt: true)),
        ["100,000 empty members"] = ("gzip", () => [.. Enumerable.Repeat(Bytes.Gzip([]), 100_000).SelectMany(member => member), 7]),
        ["a bomb of blanks"] = ("amat", () => Bomb([], " "u8, 100)),
        ["a bomb of one line"] = ("amat", () => Bomb([], "0 "u8, 100)),
        ["an array that claims 2^62 elements"] = ("npy", () => Npy("(2147483648, 2147483648)")),
        ["an array that claims 8 GiB"] = ("npy", () => Npy("(1073741824,)")),
        ["an array header of 4 GiB"] = ("npy", () => [.. Npy("(1,)")[..6], 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, (byte)'{']),
        ["an archived array that claims 8 GiB"] = ("npz", () => FuzzSeeds.Zip(("a.npy", Npy("(1073741824,)")))),
        ["a bomb behind an archived array"] = ("npz", () => FuzzSeeds.Zip(("a.npy", [.. Npy("(2,)"), .. new byte[100 * Mebibyte]]))),
        ["200,000 archived arrays"] = ("npz", () => ManyEntries(200_000)),
        ["a tensor that claims 2^62 bytes"] = ("safetensors", () => SafetensorsBytes.Of(
            """{"x":{"dtype":"U8","shape":[4611686018427387904],"data_offsets":[0,4611686018427387904]}}""", 8)),
        ["a header that claims 99 MB"] = ("safetensors", () => [.. BitConverter.GetBytes(99_000_000L), (byte)'{']),
        ["a header of one long text"] = ("safetensors", () => SafetensorsBytes.Of(
            $$$"""{"__metadata__":{"a":"{{{new string('a', 90_000_000)}}}"}}""")),
        ["a header of one long name"] = ("safetensors", () => SafetensorsBytes.Of($$$"""{"{{{new string('a', 90_000_000)}}}":1}""")),
        ["a header of many texts"] = ("safetensors", () => SafetensorsBytes.Of(
            """{"__metadata__":{"""
            + string.Join(',', Enumerable.Range(0, 90_000).Select(i => $"\"{i}\":\"{new string('a', 900)}\""))
            + "}}")),
        ["a header of many tensors"] = ("safetensors", () => SafetensorsBytes.Of(
            $$$"""{{{{string.Join(',', Enumerable.Range(0, 900_000).Select(i => $$"""
                "{{i}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}
                """))}}}}""")),
        ["a picture that claims 128 MiB"] = ("png", () => PngFile.Join(
            PngFile.Header(4096, 4096, 16, 6), PngFile.Data(new byte[1000]), PngFile.End())),
        ["a bomb behind a picture"] = ("png", () => PngFile.Join(
            PngFile.Header(3, 2, 8, 0), PngFile.Data(new byte[100 * Mebibyte]), PngFile.End())),
        ["500,000 empty chunks"] = ("png", () => PngFile.Join(
            [PngFile.Header(3, 2, 8, 0), .. Enumerable.Repeat(PngFile.Chunk("IDAT"), 500_000), PngFile.End()])),
        ["a configuration of brackets"] = ("configuration", () => Encoding.ASCII.GetBytes(new string('[', Mebibyte))),
        ["a configuration of 100,000 unknown keys"] = ("configuration", () => Encoding.ASCII.GetBytes(
            "{"
            + string.Join(',', Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"{i}\":0")))
            + "}")),
        ["a configuration of 300,000 layers"] = ("configuration", () => Encoding.ASCII.GetBytes(
            """{"data":{"source":"digits"},"model":{"encoder":{"kind":"mlp","hidden":["""
            + string.Join(',', Enumerable.Repeat("0", 300_000))
            + "]}}}")),
        ["a configuration of 100 MB"] = ("configuration", () => new byte[100_000_000]),
        ["an option of 10 MB"] = ("override", () => Encoding.ASCII.GetBytes($"model.latent={new string('1', 10_000_000)}")),
        ["metrics of one line"] = ("metrics", () => Encoding.ASCII.GetBytes(new string(' ', 60_000_000))),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_refused_within_bounds(string name)
    {
        (string parser, Func<byte[]> make) = Files[name];
        FuzzTarget target = FuzzTargets.All.Single(candidate => candidate.Name == parser);

        bool accepted = new Fuzzer(target).RunOne(make());

        Assert.False(accepted);
    }

    /// <summary>A gzip file of members: a beginning, then so many mebibytes of a repeated pattern.</summary>
    private static byte[] Bomb(byte[] beginning, ReadOnlySpan<byte> pattern, int mebibytes, bool corrupt = false)
    {
        byte[] filling = new byte[Mebibyte];
        for (int i = 0; i < filling.Length; i++)
        {
            filling[i] = pattern[i % pattern.Length];
        }

        byte[] member = Bytes.Gzip(filling);
        byte[] file = [.. Bytes.Gzip(beginning), .. Enumerable.Repeat(member, mebibytes).SelectMany(bytes => bytes)];
        file[^1] ^= (byte)(corrupt ? 1 : 0); // the length at the end, so that all must be unpacked before it is refused
        return file;
    }

    private static byte[] Npy(string shape)
    {
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n";
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)header.Length);
        return file;
    }

    private static byte[] ManyEntries(int count)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < count; i++)
            {
                archive.CreateEntry(string.Create(CultureInfo.InvariantCulture, $"{i}")).Open().Dispose();
            }
        }

        return stream.ToArray();
    }
}
