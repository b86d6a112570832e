using System.Text;

namespace Vae.Core.Tests.Fuzzing;

/// <summary>Every parser of files and texts that come from outside.</summary>
internal static class FuzzTargets
{
    private static readonly ImageShape TextShape = new(1, 2, 3);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("idx images", FuzzSeeds.IdxImages, (_, path) => IdxReader.ReadImages("set", path).Count > 0) { ReadsDisk = true },
        new("idx labels", FuzzSeeds.IdxLabels, (_, path) => IdxReader.ReadLabels(path, 10).Length >= 0) { ReadsDisk = true },
        new("gzip", FuzzSeeds.Gzip, (_, path) => ReadGzip(path)) { ReadsDisk = true },
        new("amat", FuzzSeeds.Amat, (_, path) => AmatReader.Read("set", path, TextShape).Count > 0)
        {
            ReadsDisk = true,
            Words = ["0", "1", " ", "\n", "\n\n", "\r\n", "0.0", "1e0", "\0", "2", "\t"],
        },
        new("npy", FuzzSeeds.Npy, (_, path) => NpyReader.Read(path).Length >= 0) { ReadsDisk = true, Words = FuzzSeeds.NpyWords },
        new("npz", FuzzSeeds.Npz, (_, path) => ReadNpz(path))
        {
            ReadsDisk = true,
            Words = [.. FuzzSeeds.NpyWords, "PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "mean.npy", "../x.npy"],
        },
        new("safetensors", FuzzSeeds.Safetensors, (file, path) => ReadSafetensors(file, path)) { Words = FuzzSeeds.SafetensorsWords },
        new("checkpoint", FuzzSeeds.Checkpoint, (_, path) => CheckpointFile.Read(path).Header.Progress.Epoch >= 0)
        {
            ReadsDisk = true,
            Words = [.. FuzzSeeds.SafetensorsWords, "null", "[]", "[1,28]", "[0,0,0]", "[-1,28,28]", "\"epoch\\\":-1", "1e400", "{}"],
        },
        new("png", FuzzSeeds.Png, (file, path) => PictureReader.Decode(file, path).Pixels.Length > 0)
        {
            Words = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "\0\0\0\0IDAT"],
        },
        new("configuration", FuzzSeeds.Configurations, (file, path) => ReadConfiguration(file, path))
        {
            Words = FuzzSeeds.ConfigurationWords,
        },
        new("override", FuzzSeeds.Overrides, (file, path) => ReadOverride(file, path))
        {
            Words = FuzzSeeds.ConfigurationWords,
            Beginnings = ["{path}: ", "--set "],
            Kinds = [FailureKind.Usage],
        },
        new("metrics", FuzzSeeds.Metrics, (_, path) => ReadMetrics(path)) { ReadsDisk = true, Words = FuzzSeeds.MetricsWords },
    ];

    private static bool ReadGzip(string path)
    {
        using Stream stream = InputFile.OpenRead(path);
        byte[] buffer = new byte[1 << 16];
        while (stream.Read(buffer) > 0)
        {
        }

        return stream is CheckedGzipStream;
    }

    private static bool ReadNpz(string path)
    {
        using NpzReader reader = NpzReader.Open(path);
        return reader.Names.Count > 0 && reader.Names.All(name => reader.Read(name).Length >= 0);
    }

    private static bool ReadSafetensors(byte[] file, string path)
    {
        SafetensorsFile tensors = SafetensorsFile.Read(path, new MemoryStream(file));
        Assert.InRange(tensors.Entries.Sum(entry => tensors.Data(entry.Name).Length), 0, file.Length);
        tensors.CheckFinite();
        return true;
    }

    private static bool ReadConfiguration(byte[] file, string path)
    {
        VaeConfiguration configuration = ConfigurationReader.Parse<VaeConfiguration>(file, path);
        Assert.Equal(configuration, VaeConfiguration.Parse(ConfigurationWriter.Write(configuration), path));
        return true;
    }

    private static bool ReadOverride(byte[] option, string path)
    {
        VaeConfiguration.Parse(
            """{ "data": { "source": "digits" }, "train": { "optimizer": "adam" } }""", path, [Encoding.UTF8.GetString(option)]);
        return true;
    }

    // What is damaged in metrics is passed over, not refused; what is read must be whole.
    private static bool ReadMetrics(string path)
    {
        IReadOnlyList<EpochMetrics> epochs = MetricsFile.Read(path);
        Assert.All(epochs, epoch => Assert.True(epoch.Train.Elbo <= double.MaxValue && MetricsFile.ToJson(epoch).Length > 0));
        return epochs.Count >= FuzzSeeds.MetricsEpochs;
    }
}
