using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Vae.Benchmarks.PlainTorchSharp;

/// <summary>
/// The same work in TorchSharp alone, in a process of its own that answers as peers/vae_peer.py does. Only its number of threads is tuned.
/// </summary>
internal static partial class PlainPeer
{
    /// <summary>The only argument of the process.</summary>
    public const string Argument = "plain-torchsharp-peer";

    private const int Trials = 3;
    private const int ParentDeathSignal = 1; // PR_SET_PDEATHSIG of Linux
    private const int KillSignal = 9;

    /// <summary>The whole process.</summary>
    public static int Run()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Control(ParentDeathSignal, KillSignal); // it is stopped between its turns, and must not stay behind like that
        }

        Serve(Console.In, Console.Out);
        return 0;
    }

    /// <summary>Answers until the requests end.</summary>
    public static void Serve(TextReader requests, TextWriter answers)
    {
        using PlainWork work = PlainWork.For(JsonNode.Parse(requests.ReadLine()!)!.AsObject());
        Write(answers, Versions());
        while (requests.ReadLine() is { } line)
        {
            Write(answers, Answer(work, JsonNode.Parse(line)!.AsObject()));
        }
    }

    private static JsonObject Answer(PlainWork work, JsonObject request)
    {
        try
        {
            switch ((string)request["do"]!)
            {
                case "tune":
                    set_num_threads((int)request["threads"]!);
                    double best = SecondsAUnit(work, (double)request["seconds"]!);
                    return new JsonObject
                    {
                        ["tried"] = new JsonArray(new JsonObject { ["choice"] = new JsonObject(), ["seconds"] = best }),
                        ["choice"] = new JsonObject(),
                        ["seconds"] = best,
                    };
                case "use":
                    set_num_threads((int)request["threads"]!);
                    return [];
                case "run":
                    (double seconds, double loss) = work.Run((int)request["units"]!);
                    return new JsonObject { ["seconds"] = seconds, ["loss"] = loss, ["peak_bytes"] = PeakMemory.OfThisProcess() };
                default:
                    throw new NotSupportedException($"{request["do"]} cannot be done in plain TorchSharp");
            }
        }
        catch (Exception failure) when (failure is ExternalException or InvalidOperationException or NotSupportedException)
        {
            return new JsonObject { ["error"] = $"{failure.GetType().Name}: {failure.Message.Split('\n')[0]}" };
        }
    }

    private static JsonObject Versions() => new()
    {
        ["version"] = Machine.TorchSharpVersion,
        ["libtorch"] = __version__,
        ["omp_wait_policy"] = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY"),
        ["own_blas_threads"] = false, // those of the packages' BLAS are the ones inside operators
    };

    /// <summary>The best of a few short runs; the first ones, that warm up, do not count.</summary>
    private static double SecondsAUnit(PlainWork work, double seconds)
    {
        double once = Math.Min(work.Run(1).Seconds, work.Run(1).Seconds);
        int units = Math.Max(1, (int)(seconds / Trials / Math.Max(once, 1e-6)));
        return Enumerable.Range(0, Trials).Min(_ => work.Run(units).Seconds / units);
    }

    private static void Write(TextWriter answers, JsonObject answer)
    {
        answers.WriteLine(answer.ToJsonString());
        answers.Flush();
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint argument);
}
