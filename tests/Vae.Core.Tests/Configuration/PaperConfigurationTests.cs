using System.Globalization;

namespace Vae.Core.Tests.Configuration;

/// <summary>configs/papers and the published figures that scripts/reproduce compares with.</summary>
public class PaperConfigurationTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "configs", "papers");

    private static readonly string[][] Expected =
        [.. File.ReadAllLines(Path.Combine(Folder, "expected.csv")).Skip(1).Select(line => line.Split(','))];

    [Fact]
    public void Each_has_a_published_or_a_reproduced_figure_and_the_reverse() => Assert.Equal(
        Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
        Expected.Select(row => row[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_description_states_the_figures_and_how_many_samples_gave_them()
    {
        foreach (string[] row in Expected)
        {
            string description = VaeConfiguration.Read(Path.Combine(Folder, $"{row[0]}.json")).Description!;
            string[] figures = [.. row[1..3].Where(figure => figure.Length > 0)];

            Assert.NotEmpty(figures);
            Assert.All(figures, figure => Assert.Contains($"{figure}", description, StringComparison.Ordinal));
            Assert.All(figures, figure => Assert.InRange(double.Parse(figure, CultureInfo.InvariantCulture), 80, 230));
            Assert.Contains(
                int.Parse(row[3], CultureInfo.InvariantCulture).ToString("'('#,0' importance samples)'", CultureInfo.InvariantCulture),
                description,
                StringComparison.Ordinal);
            Assert.Equal(row[1].Length > 0, row[4].Length > 0); // a published figure has a source
        }
    }
}
