namespace Vae.Core.Tests.Data;

public class PixelTransformTests
{
    private static readonly RandomStream Stream = new(1, RandomPurpose.Binarization);
    private static readonly byte[] Ramp = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    [Fact]
    public void Without_binarization_a_value_is_divided_by_255()
    {
        float[] values = Apply(Binarization.None, Ramp, 0, 0);
        Assert.Equal(0f, values[0]);
        Assert.Equal(1f, values[255]);
        Assert.Equal(128 / 255f, values[128]);
    }

    [Fact]
    public void A_threshold_lies_at_128()
    {
        float[] values = Apply(Binarization.Threshold, Ramp, 0, 0);
        Assert.Equal(128, values.Sum());
        Assert.Equal((0f, 1f), (values[127], values[128]));
    }

    [Fact]
    public void A_pixel_is_drawn_with_the_probability_of_its_grey_value()
    {
        const int Epochs = 4000;
        double[] sums = new double[256];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            float[] values = Apply(Binarization.Dynamic, Ramp, epoch, 7);
            for (int p = 0; p < 256; p++)
            {
                sums[p] += values[p];
            }
        }

        double chiSquare = 0;
        for (int p = 1; p < 255; p++)
        {
            double q = p / 255.0;
            chiSquare += (sums[p] - (Epochs * q)) * (sums[p] - (Epochs * q)) / (Epochs * q * (1 - q));
        }

        Assert.Equal(0, sums[0]);
        Assert.Equal(Epochs, sums[255]);
        Assert.InRange(chiSquare, 254 - (4 * Math.Sqrt(2 * 254)), 254 + (4 * Math.Sqrt(2 * 254)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(784)]
    [InlineData(5000)]
    public void Each_pixel_compares_its_own_draw(int length)
    {
        byte[] image = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37))];
        uint[] draws = new uint[length];
        Stream.UniformBits(9, 3, draws);
        float[] expected = [.. image.Select((value, p) => value == 255 || draws[p] < value * 16843009u ? 1f : 0f)];
        Assert.Equal(expected, Apply(Binarization.Dynamic, image, 9, 3));
    }

    [Fact]
    public void Only_dynamic_binarization_changes_with_the_epoch()
    {
        Assert.NotEqual(Apply(Binarization.Dynamic, Ramp, 1, 0), Apply(Binarization.Dynamic, Ramp, 2, 0));
        foreach (Binarization fixedKind in new[] { Binarization.None, Binarization.Static, Binarization.Threshold })
        {
            Assert.Equal(Apply(fixedKind, Ramp, 1, 0), Apply(fixedKind, Ramp, 2, 0));
        }

        Assert.NotEqual(Apply(Binarization.Static, Ramp, 1, 0), Apply(Binarization.Static, Ramp, 1, 1));
        Assert.All(Apply(Binarization.Static, Ramp, 1, 0), value => Assert.True(value is 0 or 1));
    }

    [Fact]
    public void A_batch_does_not_depend_on_layout_or_view()
    {
        ImageShape shape = new ImageShape(1, 16, 16);
        ImageSet images = ImageSets.Of(shape, [.. Enumerable.Range(0, 10).SelectMany(_ => Ramp)]);
        PixelTransform transform = new PixelTransform(Binarization.Dynamic, Stream);
        using DisposeScope scope = NewDisposeScope();
        float[] input = new BatchLoader(images, transform, CPU).Load([4, 9, 0], 2).Input.data<float>().ToArray();
        Assert.Equal(Apply(Binarization.Dynamic, Ramp, 2, 9), input[256..512]);

        Batch seenThroughView = new BatchLoader(images.Slice(5, 5), transform, CPU).Load([4], 2);
        Assert.Equal(input[256..512], seenThroughView.Target.data<float>().ToArray());
    }

    [Fact]
    public void A_dequantized_target_lies_within_its_level_and_the_input_stays_grey()
    {
        (float[]? input, float[]? target) = Dequantized(Ramp, epoch: 3, index: 7);

        Assert.Equal([.. Ramp.Select(value => value / 255f)], input);
        for (int p = 0; p < 256; p++)
        {
            Assert.InRange((target[p] * 256) - p, 1e-6f, 1 - 1e-6f); // exact in float32: never on the border of a level
        }
    }

    [Fact]
    public void The_noise_within_a_level_is_uniform()
    {
        byte[] white = [.. Enumerable.Repeat(byte.MaxValue, 100_000)];
        double[] noise = [.. Dequantized(white, 0, 0).Target.Select(y => (y * 256.0) - 255)];

        Assert.Equal(0.5, noise.Average(), 4 * Math.Sqrt(1.0 / 12 / white.Length));
        int[] counts = new int[20];
        foreach (double u in noise)
        {
            counts[(int)(u * 20)]++;
        }

        double expected = white.Length / 20.0;
        Assert.InRange(counts.Sum(count => (count - expected) * (count - expected) / expected), 0, 19 + (5 * Math.Sqrt(2 * 19)));
    }

    [Fact]
    public void The_noise_belongs_to_the_epoch_and_the_image_whatever_the_batch()
    {
        ImageSet images = ImageSets.Of(new ImageShape(1, 16, 16), [.. Enumerable.Range(0, 10).SelectMany(_ => Ramp)]);
        using DisposeScope scope = NewDisposeScope();
        float[] target = new BatchLoader(images, Dequantizing, CPU).Load([4, 9, 0], 2).Target.data<float>().ToArray();

        Assert.Equal(Dequantized(Ramp, 2, 9).Target, target[256..512]);
        Assert.NotEqual(Dequantized(Ramp, 1, 9).Target, target[256..512]);
        Assert.NotEqual(Dequantized(Ramp, 2, 4).Target, target[256..512]);
    }

    private static PixelTransform Dequantizing { get; } =
        new(Binarization.None, Stream) { Dequantization = new RandomStream(1, RandomPurpose.Dequantization) };

    private static (float[] Input, float[] Target) Dequantized(byte[] image, long epoch, int index)
    {
        float[] input = new float[image.Length];
        float[] target = new float[image.Length];
        Dequantizing.Apply(image, epoch, index, input, target);
        return (input, target);
    }

    private static float[] Apply(Binarization binarization, byte[] image, long epoch, int index)
    {
        float[] input = new float[image.Length];
        float[] target = new float[image.Length];
        new PixelTransform(binarization, Stream).Apply(image, epoch, index, input, target);
        Assert.Equal(input, target);
        return input;
    }
}
