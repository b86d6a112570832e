namespace Vae.Cli.Tests;

public class TerminalTests
{
    [Theory]
    [InlineData(true, "", "", true)]
    [InlineData(true, "TERM", "xterm-256color", true)]
    [InlineData(true, "NO_COLOR", "", true)]
    [InlineData(true, "CI", "false", true)]
    [InlineData(false, "", "", false)]
    [InlineData(true, "NO_COLOR", "1", false)]
    [InlineData(true, "NO_COLOR", "0", false)]
    [InlineData(true, "CI", "true", false)]
    [InlineData(true, "CI", "1", false)]
    [InlineData(true, "TERM", "dumb", false)]
    public void Animation_needs_a_terminal_and_nobody_who_objects(bool isTerminal, string name, string value, bool animated) =>
        Assert.Equal(animated, Terminal.MayAnimate(isTerminal, asked => asked == name ? value : null));

    [Fact]
    public void Data_that_cannot_be_written_is_a_failure_that_names_the_stream()
    {
        using StreamWriter full = new StreamWriter(new FullStream()) { AutoFlush = true };
        VaeException failure = Assert.Throws<VaeException>(() => new Terminal(full, TextWriter.Null, false).Print("runs/one"));
        Assert.Equal(FailureKind.InputOutput, failure.Kind);
        Assert.StartsWith("standard output: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_that_cannot_be_written_are_forgotten()
    {
        using StreamWriter writer = new StreamWriter(new ForgivingStream(new FullStream())) { AutoFlush = true };
        writer.WriteLine("epoch 1/3");
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
