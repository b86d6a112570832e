namespace Vae.Core.Tests.Training;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_at_a_time_may_change_a_run_and_the_next_is_told_who_does()
    {
        string run = _folder["run"];
        using (RunLock first = Take(run))
        {
            VaeException refused = Assert.Throws<VaeException>(() => Take(run));
            Assert.Equal(FailureKind.OutputUnwritable, refused.Kind);
            Assert.Matches(
                $@": process {Environment.ProcessId} on {Environment.MachineName}, started "
                + @"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d, is changing this run; wait until it ends, or stop it$",
                refused.Message);
        }

        using RunLock second = Take(run);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void What_stays_of_it_is_an_empty_file()
    {
        Take(_folder["run"]).Dispose();

        FileInfo left = Assert.Single(new DirectoryInfo(_folder["run"]).GetFiles());
        Assert.Equal((".lock", 0), (left.Name, left.Length));
    }

    [Fact]
    public void A_folder_by_another_name_is_the_same_folder()
    {
        Directory.CreateDirectory(_folder["run"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["run"]);
        using RunLock first = Take(_folder["run"]);

        VaeException refused = Assert.Throws<VaeException>(() => Take(_folder["link"]));

        Assert.Contains("is changing this run", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"process":1,"host":null,"started":"2020-01-01T00:00:00Z"}""")]
    public void Whatever_stands_where_the_holder_tells_of_itself_the_refusal_is_the_same(string text)
    {
        using RunLock first = Take(_folder["run"]);
        File.WriteAllText(_folder["run/writer.json"], text);

        VaeException refused = Assert.Throws<VaeException>(() => Take(_folder["run"]));

        Assert.StartsWith($"{_folder["run"]}: another process is changing this run; ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_process_told_of_itself_holds_nobody_up()
    {
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["run/.lock"], "");
        File.WriteAllText(_folder["run/writer.json"], """{"process":1,"host":"elsewhere","started":"2020-01-01T00:00:00Z"}""");

        using RunLock taken = Take(_folder["run"]);

        Assert.Contains($"\"process\":{Environment.ProcessId}", File.ReadAllText(_folder["run/writer.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_new_runs_of_one_second_have_two_folders()
    {
        DateTime now = new(2025, 3, 4, 5, 6, 7);
        using RunLock first = RunLock.TakeNew(_folder["runs"], "mnist", now, _warnings.Add);
        using RunLock second = RunLock.TakeNew(_folder["runs"], "mnist", now, _warnings.Add);

        Assert.Equal((_folder["runs/mnist-20250304-050607"], _folder["runs/mnist-20250304-050607-2"]), (first.Root, second.Root));
    }

    [Fact]
    public void A_file_where_the_folder_should_be_is_refused()
    {
        VaeException refused = Assert.Throws<VaeException>(() => Take(_folder.Write("file", [1])));

        Assert.Equal(FailureKind.OutputUnwritable, refused.Kind);
        Assert.Contains("cannot make the run folder", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run/checkpoints/best.safetensors", true)]
    [InlineData("run/checkpoints/step-12.safetensors", true)]
    [InlineData("run/best.safetensors", false)]
    [InlineData("other/checkpoints/best.safetensors", false)] // no run is there
    [InlineData("link.safetensors", true)]
    public void A_checkpoint_is_of_the_run_whose_folder_holds_it(string checkpoint, bool isOfRun)
    {
        Directory.CreateDirectory(_folder["run/checkpoints"]);
        Directory.CreateDirectory(_folder["other/checkpoints"]);
        _folder.Write("run/config.json", [1]);
        _folder.Write("run/checkpoints/best.safetensors", [1]);
        File.CreateSymbolicLink(_folder["link.safetensors"], _folder["run/checkpoints/best.safetensors"]);

        Assert.Equal(isOfRun ? _folder["run"] : null, RunFolder.Of(_folder[checkpoint])?.Root);
    }

    private RunLock Take(string root) => RunLock.Take(root, _warnings.Add);
}
