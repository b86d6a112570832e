using System.Text.Json.Nodes;

namespace Vae.Core.Tests.Composition;

/// <summary>
/// A checkpoint holds what a resumed run needs: with any one piece of it lost the run ends elsewhere, and the comparison that proves
/// the resume tells.
/// </summary>
public sealed class ResumeStateTests(InterruptedRun interrupted) : IClassFixture<InterruptedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void With_every_piece_the_run_ends_where_one_that_never_stopped_ends()
    {
        interrupted.CopyTo(_folder["run"]);
        Assert.Equal(interrupted.EndOfWhole, EndOfRun());
    }

    [Theory]
    [InlineData("decoder.output.bias")]
    [InlineData("optimizer.exp_avg.encoder.mean.weight")]
    [InlineData("optimizer.exp_avg_sq.decoder.output.weight")]
    [InlineData("optimizer.step")]
    [InlineData("ema.encoder.mean.bias")]
    public void Without_the_values_of_a_tensor_it_ends_elsewhere(string tensor) =>
        AssertEndsElsewhere(edit => Array.Clear(edit.Tensors[tensor]));

    [Theory]
    [InlineData("epoch")]
    [InlineData("step")]
    [InlineData("step_in_epoch")]
    [InlineData("images")]
    [InlineData("sums")]
    [InlineData("best_epoch")]
    [InlineData("best_elbo")]
    [InlineData("kl_per_dimension")]
    [InlineData("rewinds")]
    [InlineData("stale_epochs")]
    [InlineData("plateau_epochs")]
    [InlineData("rate_reductions")]
    public void Without_a_piece_of_the_progress_it_ends_elsewhere(string piece) =>
        AssertEndsElsewhere(edit => Assert.True(edit.Progress.Remove(piece)));

    [Fact]
    public void No_piece_of_the_progress_is_left_out_above()
    {
        interrupted.CopyTo(_folder["run"]);
        string progress = SafetensorsFile.Read(InterruptedRun.Checkpoint(_folder["run"])).Metadata["vae.progress"];
        Assert.Equal(12, JsonNode.Parse(progress)!.AsObject().Count);
    }

    [Fact]
    public void Without_the_seed_it_ends_elsewhere() => AssertEndsElsewhere(edit =>
        edit.Metadata["vae.configuration"] =
            edit.Metadata["vae.configuration"].Replace("\"seed\": 5", "\"seed\": 1", StringComparison.Ordinal));

    [Theory]
    [InlineData("decoder.output.bias")]
    [InlineData("optimizer.exp_avg.encoder.mean.weight")]
    [InlineData("optimizer.step")]
    [InlineData("ema.encoder.mean.bias")]
    public void A_checkpoint_that_lacks_a_tensor_is_refused_by_the_tensors_name(string tensor)
    {
        Lose(edit => Assert.True(edit.Tensors.Remove(tensor)));

        VaeException error = Assert.Throws<VaeException>(EndOfRun);

        Assert.Equal(FailureKind.BadData, error.Kind);
        Assert.Contains($"tensor '{tensor}' is missing", error.Message, StringComparison.Ordinal);
    }

    private void AssertEndsElsewhere(Action<CheckpointEdit> lose)
    {
        Lose(lose);
        Assert.NotEqual(interrupted.EndOfWhole, EndOfRun());
    }

    private void Lose(Action<CheckpointEdit> lose)
    {
        interrupted.CopyTo(_folder["run"]);
        CheckpointEdit.Apply(InterruptedRun.Checkpoint(_folder["run"]), lose);
    }

    private string[] EndOfRun()
    {
        InterruptedRun.GoOn(_folder["run"], InterruptedRun.LastStep);
        return CheckpointDigest.Of(InterruptedRun.Checkpoint(_folder["run"]));
    }
}
