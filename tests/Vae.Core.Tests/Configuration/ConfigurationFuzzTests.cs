using System.Text;
using Vae.Core.Configuration;
using Vae.Core.Tests.Support;

namespace Vae.Core.Tests.Configuration;

public class ConfigurationFuzzTests
{
    private static readonly byte[][] Files =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "configs"), "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    private static readonly string[] Words =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "NaN", "1e999", "-0.0", "\\u0000", "\\ud800", "//", "/*", "\uFEFF",
        "\"kind\":", "\"data\":{", "\"mlp\"", "\"hidden\":[", "\"source\":\"digits\",", "[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":",
    ];

    [Fact]
    public void Damaged_configurations_are_read_or_refused_by_lines_that_name_the_file()
    {
        var (accepted, refused) = new Mutator(20260, Words).Run(Files, damaged =>
        {
            try
            {
                var configuration = ConfigurationReader.Parse(damaged, "FILE");
                Assert.Equal(configuration, ConfigurationReader.Parse(ConfigurationWriter.Write(configuration), "FILE"));
            }
            catch (VaeException refusal)
            {
                Assert.Equal(FailureKind.BadData, refusal.Kind);
                Assert.All(
                    refusal.Message.Split('\n'),
                    line => Assert.True(line.StartsWith("FILE: ", StringComparison.Ordinal) && !line.Any(char.IsControl), line));
                throw;
            }
        });

        Assert.True(accepted > 0 && refused > accepted, $"{accepted} accepted, {refused} refused");
    }

    [Fact]
    public void Damaged_overrides_are_applied_or_refused()
    {
        byte[][] options =
            [.. new[] { "model.encoder.hidden=[512,256]", "data.source=mnist", "train.optimizer.beta1=0.5" }.Select(Encoding.UTF8.GetBytes)];

        var (accepted, refused) = new Mutator(20261, Words).Run(options, damaged => ConfigurationReader.Parse(
            """{ "data": { "source": "digits" }, "train": { "optimizer": "adam" } }""",
            "FILE",
            [Encoding.UTF8.GetString(damaged)]));

        Assert.True(accepted > 0 && refused > accepted, $"{accepted} accepted, {refused} refused");
    }
}
