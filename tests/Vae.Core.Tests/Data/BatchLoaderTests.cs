namespace Vae.Core.Tests.Data;

public class BatchLoaderTests
{
    private static readonly ImageSet Images = new("test", new ImageShape(1, 1, 3), [0, 100, 255, 10, 20, 30]);

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
}
