using System.Text.Json;

namespace Vae.Core.Tests.Configuration;

public class ShippedConfigurationTests
{
    private static readonly string SchemaFile = Path.Combine(Repository.Root, "configs", "vae.schema.json");

    public static TheoryData<string> Names => [.. ConfigurationFiles.Names(Repository.Root, Repository.Root)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_read_describes_itself_and_names_the_schema(string name)
    {
        string path = ConfigurationFiles.Find(name, Repository.Root, Repository.Root);

        Assert.NotNull(VaeConfiguration.Read(path).Description);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        string schema = document.RootElement.GetProperty("$schema").GetString()!;
        Assert.Equal(SchemaFile, Path.GetFullPath(schema, Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void The_ones_that_the_documentation_names_are_there() =>
        Assert.Superset(
            new HashSet<string> { "digits", "fashion_mnist", "mnist" },
            ConfigurationFiles.Names(Repository.Root, Repository.Root).ToHashSet());

    [Fact]
    public void The_one_for_mnist_is_the_network_and_the_training_that_its_description_promises()
    {
        VaeConfiguration configuration = VaeConfiguration.Read(Path.Combine(Repository.Root, "configs", "mnist.json"));

        Assert.Equal(new VaeConfiguration { Data = new() { Source = new MnistSource() } }, configuration with { Description = null });
    }

    /// <summary>After a change of keys, run this test with VAE_UPDATE_SCHEMA=1 to write the file anew.</summary>
    [Fact]
    public void The_schema_file_is_the_one_that_the_program_generates()
    {
        string generated = ConfigurationSchema.Generate<VaeConfiguration>("Configuration of vae");
        if (Environment.GetEnvironmentVariable("VAE_UPDATE_SCHEMA") == "1")
        {
            File.WriteAllText(SchemaFile, generated);
        }

        Assert.Equal(generated, File.ReadAllText(SchemaFile));
    }
}
