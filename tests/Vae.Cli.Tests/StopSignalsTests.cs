using System.Runtime.InteropServices;

namespace Vae.Cli.Tests;

public sealed class StopSignalsTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    [InlineData(PosixSignal.SIGHUP, 129)]
    public void The_first_signal_asks_for_a_stop_and_the_second_leaves_at_once(PosixSignal signal, int code)
    {
        int told = 0;
        List<int> left = [];
        using StopSignals signals = new StopSignals(() => told++, left.Add);
        Assert.False(signals.Token.IsCancellationRequested);
        Assert.Equal(0, signals.ExitCode);

        signals.Receive(signal);
        Assert.True(signals.Token.IsCancellationRequested);
        Assert.Equal(code, signals.ExitCode);
        Assert.Equal(1, told);
        Assert.Empty(left);

        signals.Receive(PosixSignal.SIGTERM);
        Assert.Equal(1, told);
        Assert.Equal(143, Assert.Single(left));
        Assert.Equal(code, signals.ExitCode);
    }
}
