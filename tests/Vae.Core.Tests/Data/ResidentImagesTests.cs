namespace Vae.Core.Tests.Data;

/// <summary>With the CPU as the device.</summary>
public class ResidentImagesTests
{
    private static readonly RandomStream Stream = new(5, RandomPurpose.Binarization);

    [Theory]
    [InlineData(Binarization.None)]
    [InlineData(Binarization.Threshold)]
    [InlineData(Binarization.Static)]
    public void What_is_not_drawn_anew_is_as_on_the_host(Binarization binarization)
    {
        using DisposeScope scope = NewDisposeScope();
        ImageSet images = Ramp(5000).Slice(100, 4800); // more than one copy's worth, and not from the first
        PixelTransform transform = new(binarization, Stream);
        using ResidentImages resident = new(images, transform, CPU);
        int[] batch = [4799, 0, 7, 4096];
        Batch expected = new BatchLoader(images, transform, CPU).Load(batch, 3);

        Batch loaded = resident.Load(tensor(batch.Select(i => (long)i).ToArray()), batch);
        Assert.Equal(expected.Input.data<float>().ToArray(), loaded.Input.data<float>().ToArray());
        Assert.Equal(expected.Target.data<float>().ToArray(), loaded.Target.data<float>().ToArray());
        Assert.Equal(expected.Indices, loaded.Indices);
        Assert.Null(loaded.Condition);
    }

    [Fact]
    public void Dynamic_binarization_has_the_pixels_as_probabilities()
    {
        using DisposeScope scope = NewDisposeScope();
        using ResidentImages resident = new(Ramp(1), new PixelTransform(Binarization.Dynamic, Stream), CPU);
        Noise.SeedDevice(Stream, 1);
        const int Draws = 20_000;
        Tensor drawn = resident.Load(zeros(Draws, ScalarType.Int64), new int[Draws]).Input; // [N, P]
        float[] means = drawn.mean([0]).data<float>().ToArray();
        Assert.All(drawn.data<float>().ToArray(), value => Assert.True(value is 0 or 1));
        Assert.Equal((0f, 1f), (means[0], means[^1])); // black and white are certain
        for (int p = 0; p < means.Length; p++)
        {
            Assert.Equal(Level(p) / 255.0, means[p], 0.02); // more than five deviations
        }
    }

    [Fact]
    public void Dequantized_targets_lie_within_their_level()
    {
        using DisposeScope scope = NewDisposeScope();
        PixelTransform transform = new(Binarization.None, Stream) { Dequantization = Stream };
        using ResidentImages resident = new(Ramp(1), transform, CPU);
        Noise.SeedDevice(Stream, 1);
        Batch loaded = resident.Load(zeros(1000, ScalarType.Int64), new int[1000]);
        Tensor within = (loaded.Target * 256) - (loaded.Input * 255).round();
        Assert.InRange(within.min().ToSingle(), 0, 0.01f);
        Assert.InRange(within.max().ToSingle(), 0.99f, 0.99999f);
    }

    [Fact]
    public void A_static_binarization_whose_targets_need_the_grey_pixels_stays_on_the_host()
    {
        PixelTransform transform = new(Binarization.Static, Stream) { Dequantization = Stream };
        Assert.False(ResidentImages.Fit(Ramp(1), transform));
        Assert.Throws<ArgumentException>(() => new ResidentImages(Ramp(1), transform, CPU));
    }

    private static int Level(int pixel) => pixel * 17;

    // 16 pixels from black to white.
    private static ImageSet Ramp(int count) => ImageSets.Of(
        new ImageShape(1, 4, 4), [.. Enumerable.Range(0, count).SelectMany(_ => Enumerable.Range(0, 16).Select(p => (byte)Level(p)))]);
}
