namespace Vae.Cli.Tests.Commands;

public sealed class SampleCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_options_the_request_is_the_default_one() => Assert.Equal(new SampleRequest(), Request());

    [Fact]
    public void Each_option_reaches_the_request() => Assert.Equal(
        new SampleRequest
        {
            RunFolder = "runs/two",
            Checkpoint = "last",
            Count = 9,
            Seed = 7,
            Temperature = 0.5,
            DrawPixels = true,
            Device = "cpu",
            Threads = 2,
        },
        Request("-n", "9", "--run", "runs/two", "--checkpoint", "last", "--seed", "7", "--temperature", "0.5", "--draw", "--device", "cpu",
            "--threads", "2"));

    [Fact]
    public void The_mean_may_be_asked_for_by_name() => Assert.Equal(new SampleRequest(), Request("--mean"));

    [Fact]
    public void A_count_may_follow_its_option_at_once() => Assert.Equal(9, Request("-n9").Count);

    [Fact]
    public void An_array_takes_more_images_than_a_picture() =>
        Assert.Equal(10_000_000, Request("-n", "10000000", "--out", "samples.NPZ").Count);

    [Fact]
    public void A_checkpoint_file_needs_no_run() =>
        Assert.Equal("some/file.safetensors", Request("--checkpoint", "some/file.safetensors").Checkpoint);

    [Fact]
    public void A_folder_that_is_not_there_is_told_before_any_work()
    {
        Invocation failed = InProcess.Run("sample", "--run", _folder.At("no run"), "--out", _folder.At("none", "grid.png"));
        Assert.Equal(ExitCode.OutputUnwritable, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains(_folder.At("none"), Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_output_file()
    {
        Directory.CreateDirectory(_folder.At("grid.png"));
        Invocation failed = InProcess.Run("sample", "--run", _folder.At("no run"), "--out", _folder.At("grid.png"));
        Assert.Equal(ExitCode.OutputUnwritable, failed.Code);
        Assert.Contains("it is a folder", Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    private static SampleRequest Request(params string[] args)
    {
        SampleCommand command = new SampleCommand(InProcess.NoTerminal);
        return command.RequestOf(InProcess.Parse(command, args));
    }
}
