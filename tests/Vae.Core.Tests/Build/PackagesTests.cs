using System.Text.Json;

namespace Vae.Core.Tests.Build;

/// <summary>Which packages a build takes. Those for NVIDIA GPUs are large and not restored here, so the project file is asked.</summary>
public class PackagesTests
{
    [Theory]
    [InlineData("", "linux-x64", "libtorch-cpu-linux-x64 2.10.0, TorchSharp 0.107.0")]
    [InlineData("", "win-x64", "libtorch-cpu-win-x64 2.10.0, TorchSharp 0.107.0")]
    [InlineData("", "win-arm64", "libtorch-cpu-win-arm64 2.10.0, TorchSharp 0.107.0")]
    [InlineData("", "osx-arm64", "libtorch-cpu-osx-arm64 2.10.0, TorchSharp 0.107.0")]
    [InlineData("12.8", "linux-x64", "libtorch-cuda-12.8-linux-x64 2.10.0, TorchSharp 0.107.0")]
    [InlineData("12.8", "win-x64", "libtorch-cuda-12.8-win-x64 2.10.0, TorchSharp 0.107.0")]
    [InlineData("12.1", "linux-x64", "libtorch-cuda-12.1-linux-x64 2.5.1, TorchSharp 0.105.1")]
    [InlineData("12.1", "win-x64", "libtorch-cuda-12.1-win-x64 2.5.1, TorchSharp 0.105.1")]
    public void A_platform_has_its_libtorch_alone(string cuda, string platform, string expected)
    {
        string[] asked = ["msbuild", "-getItem:PackageReference,PackageVersion", $"-p:Cuda={cuda}", $"-p:RuntimeIdentifier={platform}"];
        JsonElement[] projects = [.. new[] { "Vae.Cli", "Vae.Core" }
            .Select(name => Sdk.Run([.. asked, Path.Combine("src", name, $"{name}.csproj")]))
            .Select(items => JsonDocument.Parse(items).RootElement.GetProperty("Items"))];
        Dictionary<string, string> versions = projects[0].GetProperty("PackageVersion").EnumerateArray()
            .ToDictionary(package => package.GetProperty("Identity").GetString()!, package => package.GetProperty("Version").GetString()!);

        IEnumerable<string> tensors = projects.SelectMany(project => project.GetProperty("PackageReference").EnumerateArray())
            .Select(package => package.GetProperty("Identity").GetString()!)
            .Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));

        Assert.Equal(
            expected, string.Join(", ", tensors.Order(StringComparer.Ordinal).Reverse().Select(name => $"{name} {versions[name]}")));
    }

    [Theory]
    [InlineData("", "linux-arm64", "There is no libtorch (cpu) for linux-arm64")]
    [InlineData("12.8", "osx-arm64", "There is no libtorch (cuda-12.8) for osx-arm64")]
    [InlineData("11", "linux-x64", "Cuda is 12.8 or 12.1, not '11'")]
    public void What_has_no_libtorch_is_refused_in_words(string cuda, string platform, string expected)
    {
        string project = Path.Combine("src", "Vae.Cli", "Vae.Cli.csproj");

        string output = Assert.ThrowsAny<Exception>(
            () => Sdk.Run("msbuild", project, "-t:CollectPackageReferences", $"-p:Cuda={cuda}", $"-p:RuntimeIdentifier={platform}"))
            .Message;

        Assert.Contains(expected, output, StringComparison.Ordinal);
    }
}
