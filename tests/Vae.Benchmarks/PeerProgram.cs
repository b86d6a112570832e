using System.Diagnostics;
using Vae.Benchmarks.PlainTorchSharp;

namespace Vae.Benchmarks;

/// <summary>
/// Another implementation of the same work: a program that reads a case on its first line of input and then answers requests, a JSON object
/// a line each way. peers/vae_peer.py tells which.
/// </summary>
/// <param name="Name">What results call it, one of <see cref="Titles"/>.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Kinds">The kinds of specification that it can work on.</param>
internal sealed record PeerProgram(string Name, IReadOnlyList<string> Command, params IReadOnlyList<string> Kinds)
{
    public const string PyTorchName = "pytorch";
    public const string TorchSharpName = "torchsharp";
    public const string OtherBuildName = "other";

    /// <summary>What the table calls the sides that are compared with ours, by name and in its order.</summary>
    public static IReadOnlyDictionary<string, string> Titles { get; } = new Dictionary<string, string>
    {
        [PyTorchName] = "PyTorch",
        [TorchSharpName] = "plain TorchSharp",
        [OtherBuildName] = "the other build",
    };

    /// <summary>TorchSharp alone, which is here for certain.</summary>
    public static PeerProgram TorchSharp { get; } =
        new(TorchSharpName, [.. VaeProgram.ThisBenchmark, PlainPeer.Argument], "training", "evaluation");

    public string Title => Titles[Name];

    /// <summary>PyTorch in a Python that has it.</summary>
    public static PeerProgram PyTorch(string python) =>
        new(PyTorchName, [python, Path.Combine(AppContext.BaseDirectory, "peers", "vae_peer.py")], "training", "epoch", "evaluation");

    /// <summary>A Python with torch; or null, and in a line why not and what would help, which is empty where none was asked for.</summary>
    public static (string? Python, string Reason) FindPython(BenchOptions options)
    {
        if (options.WithoutPeer || options.WithoutPyTorch)
        {
            return (null, string.Empty);
        }

        string[] candidates = options.Peer is { } given
            ? [given]
            : OperatingSystem.IsWindows() ? ["python"] : ["python3", "/usr/bin/python3"];
        return candidates.FirstOrDefault(HasTorch) is { } python
            ? (python, string.Empty)
            : (null,
                $"without PyTorch, which {string.Join(" and ", candidates)} cannot import: install python3-torch (Debian, Ubuntu) "
                + "or `pip install torch`, or name a Python that has it with --peer");
    }

    private static bool HasTorch(string python)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            });
            process?.StandardError.ReadToEnd();
            process?.WaitForExit();
            return process?.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such program
        }
    }
}
