namespace Vae.Core.Tests.Configuration;

public sealed class ConfigurationFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vae-configuration-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Make(string path)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, "{}");
        return full;
    }

    private string Find(string name) =>
        ConfigurationFiles.Find(name, Path.Combine(_root, "here"), Path.Combine(_root, "repo/artifacts/bin"));

    private VaeException Refusal(string name) => Assert.Throws<VaeException>(() => Find(name));

    [Fact]
    public void A_file_is_taken_as_given_first()
    {
        string given = Make("here/mnist");
        Make("here/configs/mnist.json");

        Assert.Equal(given, Path.Combine(_root, "here", Find("mnist")));
        Assert.Equal(given, Find(given));
    }

    [Fact]
    public void Then_it_is_looked_for_in_configs_with_or_without_its_extension()
    {
        string here = Make("here/configs/mnist.json");
        string paper = Make("here/configs/papers/burda.json");

        Assert.Equal(here, Find("mnist"));
        Assert.Equal(here, Find("mnist.json"));
        Assert.Equal(paper, Path.GetFullPath(Find("papers/burda")));
    }

    [Fact]
    public void Then_beside_the_program_and_above_it_up_to_the_repository()
    {
        Make("repo/Vae.Cli.sln");
        string shipped = Make("repo/configs/mnist.json");
        Make("configs/outside.json");
        Make("here/other");

        Assert.Equal(shipped, Find("mnist"));
        Assert.Equal(FailureKind.MissingInput, Refusal("outside").Kind);

        string beside = Make("repo/artifacts/bin/configs/mnist.json");
        Assert.Equal(beside, Find("mnist"));
    }

    [Fact]
    public void A_program_outside_a_repository_does_not_look_above_its_folder()
    {
        Make("repo/configs/mnist.json");

        Assert.Equal("mnist: no such configuration; there is no configs/ folder here or beside the program", Refusal("mnist").Message);
    }

    [Fact]
    public void A_missing_one_is_refused_with_the_names_there_are()
    {
        Make("repo/Vae.Cli.sln");
        Make("repo/configs/mnist.json");
        Make("repo/configs/vae.schema.json");
        Make("repo/configs/papers/burda.json");
        Make("here/configs/own.json");
        Make("here/configs/mnist.json");

        VaeException refusal = Refusal("mnst");

        Assert.Equal(FailureKind.MissingInput, refusal.Kind);
        Assert.Equal("mnst: no such configuration; there are mnist, own, papers/burda", refusal.Message);
    }

    [Fact]
    public void A_folder_and_an_absolute_path_that_is_missing_are_refused()
    {
        Make("here/folder/file");

        Assert.StartsWith("folder: is a folder", Refusal("folder").Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.MissingInput, Refusal(Path.Combine(_root, "none.json")).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    public void A_name_that_is_none_is_a_usage_error(string name) => Assert.Equal(FailureKind.Usage, Refusal(name).Kind);
}
