namespace Vae.Core.Tests.Runs;

public sealed class DefaultModelTests(DefaultModel model) : IClassFixture<DefaultModel>
{
    private static readonly string Approved =
        Path.Combine(Repository.Root, "tests", "Vae.Core.Tests", "Runs", "default-model.approved.txt");

    /// <summary>Others load these names. Where a change is meant, set VAE_APPROVE=1 once, and say so to those who do.</summary>
    [Fact]
    public void Names_types_and_shapes_are_those_that_were_approved()
    {
        SafetensorsFile file = SafetensorsFile.Read(model.Path);
        string found = string.Concat(
            [
                .. file.Entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)
                    .Select(entry => $"{entry.Name} {entry.Type} [{string.Join(", ", entry.Shape)}]\n"),
                .. file.Metadata.Keys.Order(StringComparer.Ordinal).Select(key => $"__metadata__ {key}\n"),
            ]);
        if (Environment.GetEnvironmentVariable("VAE_APPROVE") == "1")
        {
            File.WriteAllText(Approved, found);
        }

        Assert.Equal(File.ReadAllText(Approved).ReplaceLineEndings("\n"), found);
    }
}
