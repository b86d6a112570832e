namespace Vae.Cli.Tests.Reporting;

public class ProgressLineTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 15)]
    [InlineData(1, 30)]
    [InlineData(1.5, 30)]
    [InlineData(-1, 0)]
    public void The_bar_fills_with_the_fraction(double fraction, int done)
    {
        (_, string full, string open, _) = new ProgressLine("epoch 1/3", fraction, "elbo -1.00").Fit(200, unicode: true);
        Assert.Equal(new string('━', done), full);
        Assert.Equal(new string('─', 30 - done), open);
    }

    [Fact]
    public void Without_unicode_the_bar_is_ascii()
    {
        (_, string full, string open, _) = new ProgressLine("epoch 1/3", 0.5, "").Fit(200, unicode: false);
        Assert.Equal("###############---------------", full + open);
    }

    [Fact]
    public void The_percentage_is_complete_only_when_all_is_done()
    {
        Assert.Equal("  99%  ", new ProgressLine("epoch 1/3", 0.999, "").Fit(200, true).Details);
        Assert.Equal(" 100%  ", new ProgressLine("epoch 1/3", 1, "").Fit(200, true).Details);
    }

    [Fact]
    public void Where_nobody_knows_the_end_there_is_no_bar() =>
        Assert.Equal(("file ", "", "", "3.0 MB"), new ProgressLine("file", null, "3.0 MB").Fit(200, true));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(40)]
    [InlineData(79)]
    public void The_line_never_passes_the_edge_of_the_terminal(int width)
    {
        ProgressLine line = new ProgressLine(
            "epoch 12/200", 0.4, "1:23 left  elbo -104.21  reconstruction -80.11  kl 24.10  13,950 images/s");
        (string subject, string done, string open, string details) = line.Fit(width, true);
        Assert.True(subject.Length + done.Length + open.Length + details.Length <= width);
    }
}
