using System.IO.Compression;
using System.Text;
using Vae.Core.Tests.Imaging;
using Vae.Core.Tests.Runs;

namespace Vae.Core.Tests.Fuzzing;

/// <summary>Whole files of every format, small, so that damage hits what matters.</summary>
internal static class FuzzSeeds
{
    public const int MetricsEpochs = 3;

    public static FuzzSeed[] IdxImages { get; } = Gzipped(Bytes.Idx([4, 2, 3], Bytes.Noise(24)), Bytes.Idx([2, 3, 2, 2], Bytes.Noise(24)));

    public static FuzzSeed[] IdxLabels { get; } = Gzipped(Bytes.Idx([12], [.. Enumerable.Range(0, 12).Select(i => (byte)(i % 10))]));

    public static FuzzSeed[] Gzip { get; } =
    [
        new(Bytes.Gzip(Bytes.Noise(300))),
        new(Bytes.Gzip(new byte[5_000])),
        new([.. Bytes.Gzip(Bytes.Noise(20)), .. Bytes.Gzip([]), .. Bytes.Gzip(Bytes.Noise(40))]),
        new(Bytes.WithGzipHeaderFields(Bytes.Gzip(Bytes.Noise(20)))),
    ];

    public static FuzzSeed[] Amat { get; } = Gzipped("0 1 0 1 1 0\n1 1 1 0 0 0\n0 0 0 0 0 1\n"u8.ToArray());

    public static FuzzSeed[] Npy { get; } =
    [
        new(NpyBytes<float>([1, 2, 3, 4, 5, 6], 2, 3)), new(NpyBytes<long>([7, 8], 2)), new(NpyBytes<byte>([9])),
    ];

    public static string[] NpyWords { get; } =
        [
            "{", "}", "(", ")", ",", ":", "'", "'descr'", "'fortran_order'", "'shape'", "'<f4'", "'<i8'", "'|u1'", "True", "False",
            "\n", " ", "4611686018427387904",
        ];

    public static FuzzSeed[] Npz { get; } =
    [
        new(Stored()),
        new(Zip(("mean.npy", Npy[0].Content), ("label.npy", Npy[1].Content))),
        new(Npy[0].Content, content => Zip(("mean.npy", content))),
        new(Npy[1].Content, content => Zip(("a.npy", Npy[2].Content), ("label.npy", content))),
    ];

    public static FuzzSeed[] Safetensors { get; } =
    [
        new(SafetensorsBytes.Write(
            [
                new("encoder.0.weight", SafetensorsType.F32, [4, 3], SafetensorsBytes.Data(48)),
                new("encoder.0.bias", SafetensorsType.F32, [4], SafetensorsBytes.Data(16)),
                new("optimizer.step", SafetensorsType.I64, [], SafetensorsBytes.Data(8)),
            ],
            ("epoch", "3"),
            ("configuration", """{"data":{"source":"digits"}}"""))),
        new(SafetensorsBytes.Write(
            [new("x", SafetensorsType.U8, [2, 0], Array.Empty<byte>()), new("y", SafetensorsType.Bool, [1], new byte[1])])),
        new(SafetensorsBytes.Of("{}")),
        new(
            """{"__metadata__":{"format":"pt"},"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"""u8.ToArray(),
            header => SafetensorsBytes.Of(header, 16)),
    ];

    public static string[] SafetensorsWords { get; } =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"dtype\":", "\"shape\":", "\"data_offsets\":", "\"__metadata__\":{", "\"F32\"", "\"BOOL\"",
        "-1", "1e3", "18446744073709551615", "\\ud800", "\0\0\0\0\0\0\0\0", " ",
    ];

    public static FuzzSeed[] Checkpoint { get; } =
    [
        new(CheckpointHeader(), header => SafetensorsBytes.Of(header, 24)),
        new(SafetensorsBytes.Of(CheckpointHeader(), 24)),
    ];

    public static FuzzSeed[] Png { get; } =
        [.. PngFiles().SelectMany(file => new[] { new FuzzSeed(file), new(file, PngFile.WithChecksums) })];

    public static FuzzSeed[] Configurations { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "configs"), "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(path => new FuzzSeed(File.ReadAllBytes(path))),
    ];

    public static string[] ConfigurationWords { get; } =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "NaN", "1e999", "-0.0", "\\u0000", "\\ud800", "//", "/*", "\uFEFF",
        "\"kind\":", "\"data\":{", "\"mlp\"", "\"hidden\":[", "\"source\":\"digits\",", "[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":",
    ];

    public static FuzzSeed[] Overrides { get; } =
        [.. new[] { "model.encoder.hidden=[512,256]", "data.source=mnist", "train.optimizer.beta1=0.5" }
            .Select(text => new FuzzSeed(Encoding.UTF8.GetBytes(text)))];

    public static FuzzSeed[] Metrics { get; } = [new(MetricsText())];

    public static string[] MetricsWords { get; } =
        ["null", "\n", "{}", "\"train\":null", "\"train\":", "\\ud800", "1e999", "-1", "[", "{\"epoch\":"];

    /// <summary>A zip of entries, with right lengths and checksums.</summary>
    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>An array in NumPy's format.</summary>
    public static byte[] NpyBytes<T>(T[] values, params long[] shape)
        where T : unmanaged
    {
        using MemoryStream stream = new();
        NpyWriter.Write<T>(stream, values, shape);
        return stream.ToArray();
    }

    /// <summary>The header of a checkpoint of a model with one tensor, whose 24 bytes of data follow.</summary>
    private static byte[] CheckpointHeader()
    {
        byte[] file = SafetensorsBytes.Write(
            [
                new("optimizer.step", SafetensorsType.I64, [], new byte[8]),
                new("decoder.output.weight", SafetensorsType.F32, [2, 2], new byte[16]),
            ],
            ("format", "pt"),
            ("vae.format", "2"),
            ("vae.version", "0.2.0"),
            ("vae.configuration", ConfigurationWriter.Write(TinyRun.Configuration, indented: false)),
            ("vae.shape", "[1,28,28]"),
            ("vae.seed", "1"),
            ("vae.progress", """{"epoch":1,"step":9,"best_epoch":1,"best_elbo":-150.5,"kl_per_dimension":[1.5,2]}"""));
        return file[8..^24];
    }

    private static byte[] MetricsText()
    {
        EpochFigures summary = new(151.25, -140.5, 10.75);
        IEnumerable<EpochMetrics> epochs = Enumerable.Range(1, MetricsEpochs).Select(epoch => new EpochMetrics
        {
            Epoch = epoch,
            Step = 9 * epoch,
            Train = summary,
            Validation = summary,
            Beta = 1,
            ActiveUnits = 4,
            ImagesPerSecond = 1000.5,
            Seconds = 0.25,
        });
        return Encoding.UTF8.GetBytes(string.Concat(epochs.Select(epoch => MetricsFile.ToJson(epoch) + "\n")));
    }

    private static IEnumerable<byte[]> PngFiles() =>
    [
        PngFile.Join(
            PngFile.Header(3, 2, 8, 0), PngFile.Chunk("tEXt", [.. "a\0b"u8]), PngFile.Data([0, 1, 2, 3, 0, 4, 5, 6]), PngFile.End()),
        PngFile.FromSamples(
            5, 5, 4, 3, [.. Enumerable.Range(0, 25).Select(i => i % 4)], true,
            PngFile.Chunk("PLTE", new byte[12]), PngFile.Chunk("tRNS", 1, 2)),
        PngFile.FromSamples(9, 3, 16, 6, [.. Enumerable.Range(0, 108)], true),
        PngFile.FromSamples(9, 3, 1, 0, [.. Enumerable.Range(0, 27).Select(i => i & 1)]),
    ];

    /// <summary>Each content as it is, compressed, and compressed after the damage.</summary>
    private static FuzzSeed[] Gzipped(params byte[][] contents) =>
        [.. contents.SelectMany(content => new[] { new FuzzSeed(content), new(Bytes.Gzip(content)), new(content, Bytes.Gzip) })];

    /// <summary>As this program writes it, without compression.</summary>
    private static byte[] Stored()
    {
        using MemoryStream stream = new();
        using NpzWriter writer = new(stream);
        NpzColumn mean = writer.AddColumn("mean", NpyType.Float32, 2);
        NpzColumn label = writer.AddColumn("label", NpyType.Int64);
        mean.Append([1f, 2f, 3f, 4f]);
        label.Append([5L, 6L]);
        writer.Complete();
        return stream.ToArray();
    }
}
