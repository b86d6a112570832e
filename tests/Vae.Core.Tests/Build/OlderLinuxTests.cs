using System.IO.Compression;
using System.Text;
using Vae.Build;

namespace Vae.Core.Tests.Build;

public sealed class OlderLinuxTests : IDisposable
{
    private const string Name = "libLibTorchSharp.so";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_copy_wants_the_older_constructor_and_does_not_insist_on_the_newer_version()
    {
        byte[] library = File.ReadAllBytes(Package());

        byte[] changed = OlderLinux.Change(library, out string reason)!;

        Assert.Equal("", reason);
        Assert.Equal(library.Length, changed.Length);
        int[] places = [.. Enumerable.Range(0, library.Length).Where(i => library[i] != changed[i])];
        Assert.InRange(places.Length, 20, 31); // 28 letters of the name at most, a version's number and a flag
        Assert.Equal(1, Count(library, "_ZSt21ios_base_library_initv\0"));
        Assert.Equal(0, Count(changed, "_ZSt21ios_base_library_initv\0"));
        Assert.Equal(1, Count(changed, "\0_ZNSt8ios_base4InitC1Ev\0\0\0\0\0\0"));
    }

    [LinuxFact]
    public void The_tests_and_the_program_have_the_copy_and_it_computes()
    {
        string built = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", Name);

        float sum = torch.ones(3).sum().item<float>();

        Assert.Equal(3, sum);
        Assert.Equal(OlderLinux.Change(File.ReadAllBytes(Package()), out _), File.ReadAllBytes(built));
        Assert.Contains(built, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a text", "64-bit ELF")]
    [InlineData("another library", "does not ask for")]
    [InlineData("the copy", "other symbols")]
    [InlineData("a truncated library", "not as expected")]
    [InlineData("a library with damaged tables", "not as expected")]
    public void What_is_not_the_library_that_is_known_is_left_alone_with_a_reason(string what, string expected)
    {
        byte[] library = File.ReadAllBytes(Package());
        byte[] file = what switch
        {
            "a text" => Encoding.ASCII.GetBytes("It only has the name of a library."),
            "another library" => File.ReadAllBytes(Path.Combine(
                Path.GetDirectoryName(Package("harfbuzzsharp.nativeassets.linux", "libHarfBuzzSharp.so"))!, "libHarfBuzzSharp.so")),
            "the copy" => OlderLinux.Change(library, out _)!,
            "a truncated library" => library[..^4096],
            _ => [.. library[..0x28], .. Enumerable.Repeat((byte)0xFF, 24), .. library[0x40..]],
        };

        Assert.Null(OlderLinux.Change(file, out string reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_publish_pack_and_self_contained_publish_have_the_copy()
    {
        byte[] expected = OlderLinux.Change(File.ReadAllBytes(Package()), out _)!;
        string project = Project();
        string[] common = [project, "-nologo", "-v:quiet", "-p:LibTorch=none", $"-p:ArtifactsPath={_folder["artifacts"]}"];

        Sdk.Run(["build", .. common]);
        Sdk.Run(["publish", .. common, "-o", _folder["published"]]);
        Sdk.Run(["pack", .. common, "-o", _folder["packed"]]);
        Sdk.Run(["publish", .. common, "-r", "linux-x64", "--self-contained", "-o", _folder["self-contained"]]);

        ZipFile.ExtractToDirectory(Assert.Single(Directory.GetFiles(_folder["packed"])), _folder["unpacked"]);
        Assert.All(
            new[] { Path.Combine("artifacts", "bin"), "published", "unpacked", "self-contained" },
            place => Assert.All(Found(_folder[place]), file => Assert.Equal(expected, File.ReadAllBytes(file))));
        Assert.Equal(OlderLinux.Change(File.ReadAllBytes(Package()), out _), expected); // the package itself is untouched
    }

    [Fact]
    public void The_step_of_the_build_tells_in_one_line_what_it_leaves_alone()
    {
        string library = _folder.Write(Name, "no library"u8);
        File.WriteAllText(_folder["step.proj"], $"""
            <Project>
              <Import Project="{Path.Combine(Repository.Root, "src", "Build", "NativeLibraries.targets")}" />
              <Target Name="Step">
                <WriteOlderLinuxCopy Library="{library}" Copy="{_folder["copy"]}" />
              </Target>
            </Project>
            """);

        string output = Sdk.Run("msbuild", _folder["step.proj"], "-t:Step", "-nologo");

        string line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith($"{library} is left as it is: it is no 64-bit ELF file", line, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["copy"]));
    }

    private static string[] Found(string folder)
    {
        string[] files = Directory.GetFiles(folder, Name, SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>A .NET tool of one line on TorchSharp, in the checkout's settings but for its place.</summary>
    private string Project()
    {
        string program = _folder.Write(Path.Combine("tool", "Program.cs"), "System.Console.WriteLine(typeof(TorchSharp.torch));\n"u8);
        string folder = Path.GetDirectoryName(program)!;
        foreach (string settings in new[] { "Directory.Build.props", "Directory.Packages.props" })
        {
            File.WriteAllText(
                Path.Combine(folder, settings),
                $"<Project><Import Project=\"{Path.Combine(Repository.Root, settings)}\" /></Project>");
        }

        string project = Path.Combine(folder, "tool.csproj");
        File.WriteAllText(project, """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <PackAsTool>true</PackAsTool>
                <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="TorchSharp" />
              </ItemGroup>
            </Project>
            """);
        return project;
    }

    private static int Count(byte[] file, string text) => Encoding.Latin1.GetString(file).Split(text).Length - 1;

    private static string Package(string package = "torchsharp", string file = Name)
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } elsewhere
            ? elsewhere
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Assert.Single(
            Directory.GetDirectories(Path.Combine(cache, package))
                .Select(version => Path.Combine(version, "runtimes", "linux-x64", "native", file)));
    }
}
