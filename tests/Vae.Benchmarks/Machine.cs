using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Vae.Benchmarks;

/// <summary>Where figures were measured.</summary>
internal sealed record Machine
{
    private static readonly string[] Telling =
        ["OPENBLAS_", "OMP_", "GOMP_", "MKL_", "KMP_", "ONEDNN_", "DNNL_", "DOTNET_T", "DOTNET_gc", "DOTNET_GC", "MALLOC_"];

    private const string OnCpu = "cpu";

    public required string Processor { get; init; }

    public required int Processors { get; init; }

    public required double MemoryGigabytes { get; init; }

    public required string System { get; init; }

    public required string Runtime { get; init; }

    public required string Vae { get; init; }

    public required string Libtorch { get; init; }

    /// <summary>Its version.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>Where both sides computed, and how a GPU multiplied.</summary>
    public string Device { get; init; } = OnCpu;

    /// <summary>Of the assembly at hand, such as "0.107.0".</summary>
    [JsonIgnore]
    public static string TorchSharpVersion { get; } =
        typeof(Tensor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Whether that is the processor.</summary>
    [JsonIgnore]
    public bool IsCpu => Device == OnCpu;

    /// <summary>Variables of the environment that change how fast libraries are, as NAME=VALUE; the program sets none of them.</summary>
    public required string Environment { get; init; }

    public static Machine Here(BenchOptions options) => new()
    {
        Device = ComputeDevice.Choose(options.Device) is { IsCpu: false } gpu
            ? $"{gpu.Name}, {ConfigurationText.NameOf(options.Precision)}"
            : OnCpu,
        Processor = ProcessorName(),
        Processors = global::System.Environment.ProcessorCount,
        MemoryGigabytes = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
        Runtime = RuntimeInformation.FrameworkDescription,
        Vae = Core.ToolVersion.Current,
        Libtorch = __version__,
        TorchSharp = TorchSharpVersion,
        Environment = string.Join(' ', Variables()),
    };

    private static IEnumerable<string> Variables() => global::System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(entry => Telling.Any(start => ((string)entry.Key).StartsWith(start, StringComparison.Ordinal)))
        .Select(entry => $"{entry.Key}={entry.Value}")
        .Order(StringComparer.Ordinal);

    private static string ProcessorName()
    {
        const string Line = "model name";
        try
        {
            string? line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal));
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
        catch (IOException)
        {
            return global::System.Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
