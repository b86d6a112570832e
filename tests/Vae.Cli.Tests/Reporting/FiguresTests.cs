namespace Vae.Cli.Tests.Reporting;

public class FiguresTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1:00")]
    [InlineData(83, "1:23")]
    [InlineData(7_384, "2:03:04")]
    [InlineData(360_000, "100:00:00")]
    public void Durations_read_as_on_a_clock(double seconds, string text) =>
        Assert.Equal(text, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(28_881, "28.9 kB")]
    [InlineData(9_912_422, "9.9 MB")]
    [InlineData(2_345_000_000, "2.3 GB")]
    public void Sizes_are_in_powers_of_ten(long bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));
}
