namespace Vae.Core.Tests.Data;

public class BatchLoaderTests
{
    private static readonly ImageSet Images = ImageSets.Of(new ImageShape(1, 1, 3), [0, 100, 255, 10, 20, 30]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_target_is_the_input_itself_unless_it_is_dequantized(bool dequantized)
    {
        using DisposeScope scope = NewDisposeScope();
        RandomStream noise = new(1, RandomPurpose.Dequantization);
        BatchLoader loader = new(Images, new PixelTransform(Binarization.None, noise) { Dequantization = dequantized ? noise : null }, CPU);
        Batch batch = loader.Load([1, 0], epoch: 0);

        Assert.Equal(!dequantized, loader.TargetIsInput);
        Assert.Equal(!dequantized, ReferenceEquals(batch.Input, batch.Target));
        Assert.Equal([10 / 255f, 20 / 255f, 30 / 255f, 0, 100 / 255f, 1], batch.Input.data<float>().ToArray());
        Assert.Equal(dequantized, !batch.Target.data<float>().ToArray().SequenceEqual(batch.Input.data<float>().ToArray()));
        Assert.Equal([1, 0], batch.Indices);
    }

    [Fact]
    public void A_batch_brings_the_labels_and_factors_of_its_images()
    {
        using DisposeScope scope = NewDisposeScope();
        ImageSet images = new DigitsSource().Load(DatasetPart.Train, new(), 20).Slice(5, 15);
        int[] rows = [3, 14, 0];

        Condition condition = Loader(images).Load(rows, epoch: 0).Condition!;

        Assert.Equal(rows.Select(row => (long)images.Labels![row]), condition.Categories.data<long>().ToArray());
        Assert.Equal([3, 1], condition.Categories.shape);
        Assert.Equal(rows.SelectMany(row => images.Factors!.Row(row).ToArray()), condition.Values.data<float>().ToArray());
        Assert.Equal([3, 7], condition.Values.shape);
    }

    [Fact]
    public void Images_on_a_device_bring_the_same_labels_and_factors()
    {
        using DisposeScope scope = NewDisposeScope();
        ImageSet images = new DigitsSource().Load(DatasetPart.Train, new(), 20).Slice(5, 15);
        int[] rows = [3, 14, 0];
        using ResidentImages resident = new(images, Transform, CPU);
        Condition expected = Loader(images).Load(rows, epoch: 0).Condition!;

        Batch batch = resident.Load(tensor(rows.Select(row => (long)row).ToArray()), rows);

        Assert.True(expected.Categories.Equals(batch.Condition!.Categories));
        Assert.True(expected.Values.Equals(batch.Condition.Values));
        Assert.Equal([8, 19, 5], batch.Indices);
    }

    [SharedDataTheory]
    [InlineData("mnist", true)]
    [InlineData("fashion_mnist", true)]
    [InlineData("binarized_mnist", false)]
    public void Published_sets_bring_their_labels_where_they_have_some(string name, bool labelled)
    {
        using DisposeScope scope = NewDisposeScope();
        DataSource source = DataSource.Kinds.Single(kind => kind.Name == name).Default();
        ImageSet images = source.Load(DatasetPart.Test, new DataRequest { Folder = SharedData.Folder }, 50);

        Condition? condition = Loader(images).Load([7, 49], epoch: 0).Condition;

        Assert.Equal(labelled ? [images.Labels![7], images.Labels[49]] : null, condition?.Categories.data<long>().ToArray());
        Assert.Equal(labelled ? [2, 0] : null, condition?.Values.shape);
    }

    private static PixelTransform Transform { get; } = new(Binarization.Threshold, new RandomStream(1, RandomPurpose.Binarization));

    private static BatchLoader Loader(ImageSet images) => new(images, Transform, CPU);
}
