using System.Security.Cryptography;

namespace Vae.Core.Tests.Data.Digits;

public class DigitsSourceTests
{
    private static readonly Lazy<ImageSet> Train = new(() => Draw(1, 2000));
    private static readonly Lazy<ImageSet> Test = new(() => new DigitsSource().Load(DatasetPart.Test, new(), 1000));

    [Fact]
    public void The_first_images_of_seed_1_are_those_pinned_here_on_every_machine()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < 1000; i++)
        {
            hash.AppendData(Train.Value.Image(i));
        }

        Assert.Equal("6e2d683e4f344f0aa5cbedbb4f5e828de0e1d362c0b026067805a766e5c04cb3", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void By_default_there_are_as_many_as_in_mnist()
    {
        Assert.Equal(("digits", 1ul), (new DigitsSource().Name, new DigitsSource().Seed));
        Assert.Equal((60_000, 10_000), (DigitsSource.TrainCount, DigitsSource.TestCount));
    }

    [Fact]
    public void A_part_has_the_images_labels_and_factors_asked_for()
    {
        ImageSet set = new DigitsSource().Load(DatasetPart.Test, new(), 11);
        Assert.Equal(("digits/test", new ImageShape(1, 28, 28), 11), (set.Name, set.Shape, set.Count));
        Assert.Equal(11, set.Labels!.Count);
        Assert.Equal(11, set.Factors!.Count);
        Assert.Equal(["slant", "thickness", "scale", "aspect", "rotation", "shift_x", "shift_y"], set.Factors.Names);
        Assert.Equal("digits/train", Draw(1, 1).Name);
        Assert.Equal(0, Draw(1, 0).Count);
    }

    [Fact]
    public void Splits_take_the_last_training_images_for_validation()
    {
        DataSplits splits = new DigitsSource().LoadSplits(20, new(), 50, 7);
        Assert.Equal((30, 20, 7), (splits.Train.Count, splits.Validation.Count, splits.Test.Count));
        Assert.Equal(Train.Value.Image(30).ToArray(), splits.Validation.Image(0).ToArray());
        Assert.Equal(Train.Value.Factors!.Row(30).ToArray(), splits.Validation.Factors!.Row(0).ToArray());
        Assert.Throws<VaeException>(() => new DigitsSource().LoadSplits(10_000, new(), 50, 7));
    }

    [Fact]
    public void An_image_does_not_depend_on_how_many_are_drawn()
    {
        ImageSet few = Draw(1, 64);
        for (int i = 0; i < few.Count; i++)
        {
            Assert.Equal(Train.Value.Image(i).ToArray(), few.Image(i).ToArray());
            Assert.Equal(Train.Value.Labels![i], few.Labels![i]);
            Assert.Equal(Train.Value.Factors!.Row(i).ToArray(), few.Factors!.Row(i).ToArray());
        }
    }

    [Fact]
    public void Every_image_is_drawn_anew_within_a_part_in_the_other_part_and_for_another_seed()
    {
        HashSet<string> distinct = [];
        foreach (ImageSet set in new[] { Train.Value, Test.Value, Draw(2, 1000) })
        {
            for (int i = 0; i < set.Count; i++)
            {
                distinct.Add(Convert.ToBase64String(set.Image(i)));
            }
        }

        Assert.Equal(Train.Value.Count + Test.Value.Count + 1000, distinct.Count);
    }

    [Fact]
    public void A_cancelled_drawing_stops()
    {
        DataRequest request = new() { Stop = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => new DigitsSource().Load(DatasetPart.Train, request));
    }

    [Fact]
    public void Digits_are_uniformly_drawn()
    {
        // 2,000 fair draws give each digit 200 with a standard deviation of 13.4.
        int[] counts = new int[10];
        foreach (int label in Train.Value.Labels!)
        {
            counts[label]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 146, 254));
    }

    [Fact]
    public void Images_are_white_on_black_with_grey_edges_and_a_black_border()
    {
        ImageSet set = Train.Value;
        Assert.InRange(set.MeanPixel().Average(), 0.09f, 0.15f); // MNIST has 0.13
        int black = 0, white = 0;
        for (int i = 0; i < set.Count; i++)
        {
            ReadOnlySpan<byte> image = set.Image(i);
            black += image.Count((byte)0);
            white += image.Count((byte)255);
            for (int k = 0; k < 28; k++)
            {
                Assert.InRange(image[k] + image[(27 * 28) + k] + image[28 * k] + image[(28 * k) + 27], 0, 16);
            }
        }

        double pixels = set.Count * 784.0;
        Assert.InRange(black / pixels, 0.7, 0.9);
        Assert.InRange(white / pixels, 0.03, 0.12);
    }

    [Fact]
    public void Labels_tell_what_is_drawn()
    {
        // The nearest class mean finds 92% of the labels, and with shuffled ones 10%.
        double[][] means = ClassMeans(Train.Value);
        int right = 0;
        for (int i = 0; i < Test.Value.Count; i++)
        {
            byte[] image = Test.Value.Image(i).ToArray();
            int nearest = Enumerable.Range(0, 10).MinBy(label => SquaredDistance(image, means[label]));
            right += nearest == Test.Value.Labels![i] ? 1 : 0;
        }

        Assert.InRange(right / (double)Test.Value.Count, 0.88, 0.99);
    }

    [Theory]
    [InlineData("slant", 0.8)]
    [InlineData("thickness", 0.8)]
    [InlineData("scale", 0.8)]
    [InlineData("shift_x", 0.8)]
    [InlineData("shift_y", 0.8)]
    public void A_factor_is_what_can_be_measured_in_the_images(string factor, double correlation)
    {
        ImageSet set = Train.Value;
        double[] measured = [.. Enumerable.Range(0, set.Count).Select(i => Measure(factor, set.Image(i)))];
        FactorTable factors = set.Factors!;
        int column = factors.Names.ToList().IndexOf(factor);
        float[] drawn = [.. Enumerable.Range(0, set.Count).Select(i => factors.Row(i)[column])];
        Assert.InRange(Correlation(measured, drawn), correlation, 1);
    }

    private static ImageSet Draw(ulong seed, int count) =>
        new DigitsSource { Seed = seed }.Load(DatasetPart.Train, new(), count);

    private static double Measure(string factor, ReadOnlySpan<byte> image) => factor switch
    {
        "slant" => DigitMeasures.Slant(image),
        "thickness" => DigitMeasures.Thickness(image),
        "scale" => DigitMeasures.InkBox(image) is var (_, top, _, bottom) ? bottom - top : 0,
        "shift_x" => DigitMeasures.InkBox(image) is var (left, _, right, _) ? left + right : 0,
        "shift_y" => DigitMeasures.InkBox(image) is var (_, top, _, bottom) ? top + bottom : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(factor), factor, null),
    };

    private static double[][] ClassMeans(ImageSet set)
    {
        double[][] means = [.. Enumerable.Range(0, 10).Select(_ => new double[784])];
        ILookup<int, int> byLabel = Enumerable.Range(0, set.Count).ToLookup(i => set.Labels![i]);
        foreach (IGrouping<int, int> images in byLabel)
        {
            foreach (int i in images)
            {
                for (int p = 0; p < 784; p++)
                {
                    means[images.Key][p] += set.Image(i)[p] / (double)images.Count();
                }
            }
        }

        return means;
    }

    private static double SquaredDistance(byte[] image, double[] mean) =>
        image.Zip(mean, (pixel, expected) => (pixel - expected) * (pixel - expected)).Sum();

    private static double Correlation(double[] a, float[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        double covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return covariance / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }
}
