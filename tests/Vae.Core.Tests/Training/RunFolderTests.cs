using Vae.Core.Tests.Support;
using Vae.Core.Training;

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
}
