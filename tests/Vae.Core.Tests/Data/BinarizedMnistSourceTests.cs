using System.Text;

namespace Vae.Core.Tests.Data;

public sealed class BinarizedMnistSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BinarizedMnistSource _source = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_published_validation_part_is_used()
    {
        WriteExample();
        DataSplits splits = _source.LoadSplits(2, new DataRequest { Folder = _folder.Path });
        Assert.Equal((3, 2, 1), (splits.Train.Count, splits.Validation.Count, splits.Test.Count));
        Assert.Equal(1, _source.Load(DatasetPart.Test, new DataRequest { Folder = _folder.Path }).Count);
    }

    [Fact]
    public void Another_size_of_validation_part_is_refused()
    {
        WriteExample();
        VaeException exception = Assert.Throws<VaeException>(() => _source.LoadSplits(1, new DataRequest { Folder = _folder.Path }));
        Assert.Equal(FailureKind.BadData, exception.Kind);
        Assert.StartsWith("data.validation: 1,", exception.Message, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void The_published_test_part_has_its_counts()
    {
        ImageSet test = _source.Load(DatasetPart.Test, new DataRequest { Folder = SharedData.Folder });
        Assert.Equal(10_000, test.Count);
        Assert.Null(test.Labels);
        Assert.Equal(0.1325, test.MeanPixel().Average(value => (double)value), 1e-3);
    }

    private void WriteExample()
    {
        byte[] line = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 784).Select(i => i % 2)) + "\n");
        _folder.Write("binarized_mnist_train.amat", [.. line, .. line, .. line]);
        _folder.Write("binarized_mnist_valid.amat.gz", Bytes.Gzip([.. line, .. line]));
        _folder.Write("binarized_mnist_test.amat", line);
    }
}
