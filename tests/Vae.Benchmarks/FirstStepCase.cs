using System.Buffers.Binary;
using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>
/// From the start of `vae train` to the end of its first step. The run is told to save a checkpoint after each step, and the line that
/// tells of the first one ends the time; so it counts two checkpoints too much, the one before the first step and the one after it.
/// </summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
internal sealed record FirstStepCase(string Name, string Title) : BenchmarkCase(Name, Title)
{
    private const string FirstStep = ", step 1,";

    public override CaseResult Measure(BenchContext context)
    {
        using TemporaryFolder folder = new();
        string data = context.Options.Data is { } given ? Path.GetFullPath(given) : WriteIdx(folder.Path);
        Dictionary<string, Spread> figures = new()
        {
            ["MNIST's files read, s"] = Measure(context, folder.Path, "mnist", "--data", data),
            ["digits drawn, s"] = Measure(context, folder.Path, "digits"),
        };
        return new CaseResult { Name = Name, Title = Title, Unit = "start", Figures = figures };
    }

    private static Spread Measure(BenchContext context, string folder, string configuration, params string[] more)
    {
        List<double> seconds = [];
        for (int i = 0; i <= context.Options.Rounds; i++)
        {
            string run = Path.Combine(folder, $"run-{configuration}-{i}");
            string[] arguments =
            [
                "train", "--config", configuration, "--device", context.Options.Device, "--verbose",
                "--set", "train.checkpoint_every_steps=1", "--run", run, .. more,
            ];
            double taken = UntilFirstStep(VaeProgram.Start(context.Options, byScript: false, arguments));
            if (i > 0) // the first one reads the files from the disk
            {
                seconds.Add(taken);
            }

            Directory.Delete(run, recursive: true);
        }

        return Spread.Of(seconds);
    }

    private static double UntilFirstStep(ProcessStartInfo start)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        List<string> lines = [];
        while (process.StandardError.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.Contains(FirstStep, StringComparison.Ordinal))
            {
                double seconds = watch.Elapsed.TotalSeconds;
                process.Kill();
                process.WaitForExit();
                return seconds;
            }
        }

        throw new InvalidOperationException($"vae train told of no first step: {string.Join(" / ", lines.TakeLast(3))}");
    }

    /// <summary>Drawn digits as the four files of MNIST, which are read in the same way.</summary>
    private static string WriteIdx(string folder)
    {
        DigitsSource source = new();
        Write(folder, "train", source.Load(DatasetPart.Train, new DataRequest()));
        Write(folder, "t10k", source.Load(DatasetPart.Test, new DataRequest()));
        return folder;
    }

    private static void Write(string folder, string part, ImageSet images)
    {
        using FileStream pixels = File.Create(Path.Combine(folder, $"{part}-images-idx3-ubyte"));
        WriteHeader(pixels, images.Count, images.Shape.Height, images.Shape.Width);
        using FileStream labels = File.Create(Path.Combine(folder, $"{part}-labels-idx1-ubyte"));
        WriteHeader(labels, images.Count);
        for (int i = 0; i < images.Count; i++)
        {
            pixels.Write(images.Image(i));
            labels.WriteByte((byte)images.Labels![i]);
        }
    }

    // Two zeros, 8 for unsigned bytes, the number of dimensions, and each dimension with its most significant byte first.
    private static void WriteHeader(FileStream stream, params int[] dimensions)
    {
        stream.Write([0, 0, 8, (byte)dimensions.Length]);
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (int dimension in dimensions)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, dimension);
            stream.Write(bytes);
        }
    }
}
