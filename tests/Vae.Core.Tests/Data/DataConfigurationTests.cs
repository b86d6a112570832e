namespace Vae.Core.Tests.Data;

public class DataConfigurationTests
{
    [Fact]
    public void The_wish_to_stop_reaches_the_source()
    {
        using CancellationTokenSource stop = new CancellationTokenSource();
        stop.Cancel();
        DataConfiguration digits = new() { Source = new DigitsSource(), TrainImages = 100, TestImages = 100, Validation = 10 };
        Assert.ThrowsAny<OperationCanceledException>(() => digits.Load(new DataRequest(), stop.Token));
        Assert.Equal(90, digits.Load(new DataRequest(), CancellationToken.None).Train.Count);
    }

    [Fact]
    public void A_validation_part_that_was_published_is_used_and_no_training_image_is_lost_to_it()
    {
        using TemporaryFolder folder = new();
        byte[] line = System.Text.Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 784).Select(i => i % 2)) + "\n");
        folder.Write("binarized_mnist_train.amat", [.. line, .. line, .. line]);
        folder.Write("binarized_mnist_valid.amat", [.. line, .. line]);
        folder.Write("binarized_mnist_test.amat", [.. line, .. line, .. line, .. line]);
        DataConfiguration configuration =
            new() { Source = new BinarizedMnistSource(), Binarization = Binarization.None, Validation = 2, TestImages = 1 };

        DataSplits splits = configuration.Load(new DataRequest { Folder = folder.Path }, CancellationToken.None);

        Assert.Equal((3, 2, 1), (splits.Train.Count, splits.Validation.Count, splits.Test.Count));
    }
}
