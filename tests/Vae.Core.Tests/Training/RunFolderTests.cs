namespace Vae.Core.Tests.Training;

public class RunFolderTests
{
    [Fact]
    public void A_path_that_is_no_folder_is_told_apart_from_one_that_is_not_there()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("best.safetensors", [1]);

        VaeException missing = Assert.Throws<VaeException>(() => RunFolder.Open(folder["none"]));
        VaeException wrong = Assert.Throws<VaeException>(() => RunFolder.Open(file));

        Assert.Equal((FailureKind.MissingInput, $"{folder["none"]}: no such run folder"), (missing.Kind, missing.Message));
        Assert.Equal((FailureKind.MissingInput, $"{file}: a file, where the folder of a run is wanted"), (wrong.Kind, wrong.Message));
        Assert.Equal(folder.Path, RunFolder.Open(folder.Path).Root);
    }

    [Fact]
    public void A_checkpoint_asked_for_by_name_is_that_one_or_the_failure_tells_what_there_is()
    {
        using TemporaryFolder folder = new();
        RunFolder run = RunFolder.Open(folder.Path);
        Directory.CreateDirectory(folder["checkpoints"]);
        VaeException Missing(string? name) => Assert.Throws<VaeException>(() => run.Checkpoint(name));

        Assert.Equal($"{folder.Path}: no checkpoint in this run yet", Missing(null).Message);
        File.WriteAllBytes(run.LastCheckpoint, []);
        Assert.Equal(run.LastCheckpoint, run.Checkpoint(null));
        Assert.Equal(run.LastCheckpoint, run.Checkpoint("last"));
        Assert.Equal(
            (FailureKind.MissingInput, $"{folder.Path}: no best checkpoint in this run; there is last"),
            (Missing("best").Kind, Missing("best").Message));
        File.Move(run.LastCheckpoint, run.BestCheckpoint);
        Assert.Equal(run.BestCheckpoint, run.Checkpoint(null));
        Assert.Equal(run.BestCheckpoint, run.Checkpoint("best"));
        Assert.Equal($"{folder.Path}: no last checkpoint in this run; there is best", Missing("last").Message);
    }
}
