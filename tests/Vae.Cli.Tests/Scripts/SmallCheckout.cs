namespace Vae.Cli.Tests.Scripts;

/// <summary>
/// A checkout with this one's scripts and versions, whose program prints its arguments and ends with 3, and whose tests pass, fail, are
/// skipped and crash.
/// </summary>
internal sealed class SmallCheckout : IDisposable
{
    private const string Settings = """
        <Project>
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <UseArtifactsOutput>true</UseArtifactsOutput>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
        </Project>
        """;

    private const string ProgramProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <AssemblyName>vae</AssemblyName>
          </PropertyGroup>
        </Project>
        """;

    private const string TestProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <IsTestProject>true</IsTestProject>
          </PropertyGroup>
          <ItemGroup>
            <Using Include="Xunit" />
            <PackageReference Include="Microsoft.NET.Test.Sdk" />
            <PackageReference Include="xunit" />
            <PackageReference Include="xunit.runner.visualstudio" />
          </ItemGroup>
        </Project>
        """;

    private const string Tests = """
        public class Small
        {
            [Fact]
            public void Passes() { }

            [Theory]
            [InlineData("a\nb")]
            [InlineData("<c>")]
            public void Takes(string text) => Assert.NotEmpty(text);

            [Fact]
            public void Fails() => Assert.Equal(1, 2);

            [Fact(Skip = "no reason")]
            public void Is_skipped() { }
        }
        """;

    private const string Crash = """
        public class Crash
        {
            [Fact]
            public void Crashes() => Environment.FailFast("on purpose");
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public SmallCheckout(bool withTests)
    {
        foreach (string script in Directory.GetFiles(Path.Combine(Repository.Root, "scripts")))
        {
            Directory.CreateDirectory(_folder.At("scripts"));
            File.Copy(script, _folder.At("scripts", Path.GetFileName(script)));
        }

        Copy("global.json");
        Write("Directory.Build.props", Settings);
        Write("src/Vae.Cli/Vae.Cli.csproj", ProgramProject);
        SetProgram("System.Console.WriteLine(string.Join('|', args));\nreturn 3;\n");
        if (withTests)
        {
            Copy("Directory.Packages.props");
            Write("tests/Small.Tests/Small.Tests.csproj", TestProject);
            Write("tests/Small.Tests/Small.cs", Tests);
            Write("tests/Crash.Tests/Crash.Tests.csproj", TestProject);
            Write("tests/Crash.Tests/Crash.cs", Crash);
            Write(
                "Vae.Cli.sln",
                Solution("src/Vae.Cli/Vae.Cli.csproj", "tests/Small.Tests/Small.Tests.csproj", "tests/Crash.Tests/Crash.Tests.csproj"));
        }
    }

    public string Root => _folder.Path;

    public void Dispose() => _folder.Dispose();

    public void SetProgram(string text) => Write("src/Vae.Cli/Program.cs", text);

    private void Copy(string name) => File.Copy(Path.Combine(Repository.Root, name), _folder.At(name));

    private void Write(string name, string text)
    {
        string path = _folder.At(name.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string Solution(params string[] projects)
    {
        (string Path, string Id)[] ids =
            [.. projects.Select(path => (Path: path, Id: Guid.NewGuid().ToString("B").ToUpperInvariant()))];
        IEnumerable<string> lines =
        [
            "Microsoft Visual Studio Solution File, Format Version 12.00",
            .. ids.Select(it =>
                $"Project(\"{{9A19103F-16F7-4668-BE54-9A1E7A4F7556}}\") = "
                + $"\"{Path.GetFileNameWithoutExtension(it.Path)}\", \"{it.Path}\", \"{it.Id}\"\nEndProject"),
            "Global\nGlobalSection(SolutionConfigurationPlatforms) = preSolution\nRelease|Any CPU = Release|Any CPU\nEndGlobalSection",
            "GlobalSection(ProjectConfigurationPlatforms) = postSolution",
            .. ids.Select(it => $"{it.Id}.Release|Any CPU.ActiveCfg = Release|Any CPU\n{it.Id}.Release|Any CPU.Build.0 = Release|Any CPU"),
            "EndGlobalSection\nEndGlobal\n",
        ];
        return string.Join('\n', lines);
    }
}
