using System.Security.Cryptography;
using Vae.Core.Data;
using Vae.Core.Data.Sources;

namespace Vae.Core.Tests.Data;

public sealed class DigitsSourceTests(DigitsSourceTests.Digits drawn) : IClassFixture<DigitsSourceTests.Digits>
{
    [Fact]
    public void The_digits_are_the_same_on_every_machine()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < 1000; i++)
        {
            hash.AppendData(drawn.Train.Image(i));
            hash.AppendData([(byte)drawn.Train.Labels![i]]);
        }

        Assert.Equal("466ae2bf6d475fd4470d625e3e8ada88682882f627193da91c9fba7d94ddbea9", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void By_default_there_are_as_many_as_in_MNIST()
    {
        var source = new DigitsSource();
        Assert.Equal((60_000, 10_000, 10_000), (source.TrainCount, source.TestCount, source.StandardValidation));
    }

    [Fact]
    public void An_image_depends_on_seed_part_and_index_alone()
    {
        ImageSet fewer = new DigitsSource { TrainCount = 300 }.Load(DatasetPart.Train, new DataLoadContext());
        Assert.Equal(300, fewer.Count);
        for (int i = 0; i < fewer.Count; i++)
        {
            Assert.True(fewer.Image(i).SequenceEqual(drawn.Train.Image(i)));
            Assert.True(fewer.Factors!.Row(i).SequenceEqual(drawn.Train.Factors!.Row(i)));
        }

        var source = new DigitsSource { Seed = 2, TrainCount = 2, TestCount = 2 };
        DataSplits splits = source.LoadSplits(1, new DataLoadContext());
        Assert.Equal((1, 1, 2), (splits.Train.Count, splits.Validation.Count, splits.Test.Count));
        Assert.False(splits.Train.Image(0).SequenceEqual(drawn.Train.Image(0)), "another seed");
        Assert.False(splits.Train.Image(0).SequenceEqual(splits.Test.Image(0)), "another part");
    }

    [Fact]
    public void Every_digit_is_as_frequent_as_the_others()
    {
        double expected = drawn.Train.Count / 10.0;
        double chiSquare = drawn.Train.Labels!.CountBy(label => label).Sum(pair => (pair.Value - expected) * (pair.Value - expected) / expected);
        Assert.Equal(10, drawn.Train.LabelCount);
        Assert.True(chiSquare < 33.7, $"chi-square with 9 degrees of freedom is {chiSquare}"); // p = 1e-4
    }

    [Fact]
    public void The_images_look_like_MNIST_in_ink_margin_and_edges()
    {
        byte[] all = new byte[drawn.Train.Count * 784];
        drawn.Train.CopyTo(0, drawn.Train.Count, all);
        Assert.Equal(0.1307, all.Average(pixel => pixel / 255.0), 0.01);
        double grey = all.Count(pixel => pixel is > 0 and < 255) / (double)all.Count(pixel => pixel > 0);
        Assert.InRange(grey, 0.4, 0.9);
        int touching = Enumerable.Range(0, drawn.Train.Count).Count(i => TouchesBorder(drawn.Train.Image(i)));
        Assert.InRange(touching / (double)drawn.Train.Count, 0, 0.02);
    }

    [Fact]
    public void No_two_images_are_alike() =>
        Assert.Equal(
            drawn.Train.Count,
            Enumerable.Range(0, drawn.Train.Count).Select(i => Convert.ToHexString(SHA256.HashData(drawn.Train.Image(i)))).Distinct().Count());

    [Fact]
    public void The_factors_are_those_that_the_pixels_show()
    {
        FactorTable factors = drawn.Train.Factors!;
        Assert.Equal(["slant", "rotation", "thickness", "scale", "aspect", "shift_x", "shift_y"], factors.Names);
        int[] ones = [.. Enumerable.Range(0, drawn.Train.Count).Where(i => drawn.Train.Labels![i] == 1)];
        int[] zeros = [.. Enumerable.Range(0, drawn.Train.Count).Where(i => drawn.Train.Labels![i] == 0)];
        AssertShown("thickness", ones, moments => moments.Mass, 0.7);
        AssertShown("shift_x", zeros, moments => moments.X, 0.7);
        AssertShown("shift_y", zeros, moments => moments.Y, 0.7);
        AssertShown("slant", ones, moments => -moments.Shear, 0.8);
        AssertShown("scale", zeros, moments => moments.Height, 0.5);
        AssertShown("aspect", zeros, moments => moments.Width, 0.7);
    }

    [Fact]
    public void Drawing_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => new DigitsSource().Load(DatasetPart.Train, new DataLoadContext { Cancellation = cancelled.Token }));
    }

    private void AssertShown(string factor, int[] indices, Func<Moments, double> shown, double least)
    {
        float[] column = drawn.Train.Factors!.Column(factor);
        double correlation = Correlation([.. indices.Select(i => (double)column[i])], [.. indices.Select(i => shown(Measure(drawn.Train.Image(i))))]);
        Assert.True(correlation > least, $"{factor}: correlation {correlation}");
    }

    private static bool TouchesBorder(ReadOnlySpan<byte> image)
    {
        for (int i = 0; i < 28; i++)
        {
            if ((image[i] | image[(27 * 28) + i] | image[28 * i] | image[(28 * i) + 27]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static Moments Measure(ReadOnlySpan<byte> image)
    {
        double mass = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
        for (int p = 0; p < image.Length; p++)
        {
            double column = p % 28, row = p / 28;
            mass += image[p];
            x += image[p] * column;
            y += image[p] * row;
            xx += image[p] * column * column;
            xy += image[p] * column * row;
            yy += image[p] * row * row;
        }

        (x, y) = (x / mass, y / mass);
        double varianceX = (xx / mass) - (x * x), covariance = (xy / mass) - (x * y), varianceY = (yy / mass) - (y * y);
        return new Moments(mass, x, y, covariance / varianceY, Math.Sqrt(varianceX - (covariance * covariance / varianceY)), Math.Sqrt(varianceY));
    }

    private static double Correlation(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        double product = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return product / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    private readonly record struct Moments(double Mass, double X, double Y, double Shear, double Width, double Height);

    public sealed class Digits
    {
        public ImageSet Train { get; } = new DigitsSource { TrainCount = 4000 }.Load(DatasetPart.Train, new DataLoadContext());
    }
}
