namespace Vae.Core.Tests.Runs;

/// <summary>What a checkpoint says of its format.</summary>
public sealed class CheckpointFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_one_is_of_format_3() => Assert.Equal("3", SafetensorsFile.Read(Trained()).Metadata["vae.format"]);

    [Fact]
    public void One_that_does_not_say_is_of_format_1()
    {
        string path = Trained();
        CheckpointEdit.Apply(path, edit => edit.Metadata.Remove("vae.format"));
        Assert.Equal(1, CheckpointFile.Read(path).Header.Format);
    }

    [Fact]
    public void One_of_a_later_format_is_refused_by_the_version_to_use_whatever_else_it_holds()
    {
        string path = Trained();
        CheckpointEdit.Apply(path, edit =>
        {
            edit.Metadata["vae.format"] = "4";
            edit.Metadata["vae.version"] = "0.9.0";
            edit.Metadata.Remove("vae.configuration");
        });

        foreach (Action read in new Action[] { () => CheckpointFile.Read(path), () => TinyRun.Resume(_folder["run"]) })
        {
            VaeException refused = Assert.Throws<VaeException>(read);
            Assert.Equal(FailureKind.BadData, refused.Kind);
            Assert.Equal(
                $"{path}: is a checkpoint of format 4, and this version reads formats up to 3; use vae 0.9.0 or a later one",
                refused.Message);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("two")]
    [InlineData("2.0")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public void One_whose_format_is_no_number_is_damaged(string format)
    {
        string path = Trained();
        CheckpointEdit.Apply(path, edit => edit.Metadata["vae.format"] = format);
        VaeException refused = Assert.Throws<VaeException>(() => CheckpointFile.Read(path));
        Assert.Equal((FailureKind.BadData, $"{path}: __metadata__: vae.format is no number of a format"), (refused.Kind, refused.Message));
    }

    private string Trained()
    {
        TinyRun.Train(_folder["run"], TinyRun.Configuration with { Train = TinyRun.Configuration.Train with { Epochs = 1 } });
        return RunFolder.Open(_folder["run"]).LastCheckpoint;
    }
}
