using System.Runtime.Intrinsics;

namespace Vae.Core.Tests.Engine;

public class VectorsTests
{
    /// <summary>0, the smallest and the largest of both signs, and what lies between.</summary>
    public static float[] Points { get; } =
    [
        0, 1e-38f, -1e-38f, 1e-7f, -1e-7f, 1e-4f, -1e-4f, 0.0299f, 0.0301f, 0.0547f, 0.0549f, -0.0547f, 0.5f, -0.5f,
        1, -1, 5, -5, 17, -17, 80, -80, 1000, -1000, 1e38f, -1e38f,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(45)]
    public void What_lies_beyond_the_end_is_zero_when_read_and_left_alone_when_written(int length)
    {
        float[] memory = [.. Enumerable.Repeat(-7f, length + 16)];
        Span<float> values = memory.AsSpan(0, length);
        for (int i = 0; i < length; i++)
        {
            values[i] = i + 1;
        }

        int last = (length - 1) / Vectors.Width * Vectors.Width;
        Vector512<float> vector = Vectors.Load(values, last);
        Assert.Equal(
            Enumerable.Range(last, Vectors.Width).Select(i => i < length ? i + 1f : 0),
            Enumerable.Range(0, Vectors.Width).Select(lane => vector[lane]));

        Vectors.Store(vector * 2f, values, last);
        Assert.Equal(Enumerable.Range(0, length).Select(i => i < last ? i + 1f : 2 * (i + 1f)), values.ToArray());
        Assert.All(memory[length..], beyond => Assert.Equal(-7, beyond));
    }

    [Fact]
    public void Numbers_too_small_to_be_normal_become_zero_and_all_others_stay()
    {
        float[] numbers =
        [
            0, -0f, float.Epsilon, -float.Epsilon, 1.17549421e-38f, 1.17549435e-38f, -1.17549435e-38f, 1, -1,
            float.MaxValue, float.PositiveInfinity,
        ];

        Vector512<float> result = Vectors.WithoutSubnormals(Vectors.Load(numbers, 0));

        Assert.Equal(numbers.Select(number => float.IsSubnormal(number) ? 0 : number), numbers.Select((_, lane) => result[lane]));
        Assert.True(float.IsNaN(Vectors.WithoutSubnormals(Vector512.Create(float.NaN))[0]));
    }

    [Fact]
    public void Sigmoid_is_that_of_double_precision() =>
        // Below lie denormal numbers.
        AssertFollows(Vectors.Sigmoid, x => 1 / (1 + Math.Exp(-x)), x => x > -80 ? 1e-6 : double.PositiveInfinity);

    [Fact]
    public void Softplus_is_that_of_double_precision() =>
        AssertFollows(
            Vectors.Softplus, x => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x))), x => x > -80 ? 1e-6 : double.PositiveInfinity);

    [Fact]
    public void The_logarithm_of_one_plus_a_small_number_keeps_its_digits() =>
        AssertFollows(
            x => Vectors.Log1PlusExp(-Vector512.Abs(x)),
            x => LogOnePlus(Math.Exp(-Math.Abs(x))),
            x => Math.Abs(x) < 80 ? 1e-6 : double.PositiveInfinity);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(1029)] // over the border of a block
    [InlineData(5000)]
    public void Sums_products_and_squares_reach_the_last_number(int length)
    {
        float[] a = [.. Enumerable.Range(0, length).Select(i => 0.5f + (i % 7))];
        float[] b = [.. Enumerable.Range(0, length).Select(i => 1f - (i % 3))];
        double squares = a.Sum(value => (double)value * value);
        Assert.Equal(squares, Vectors.SumOfSquares(a), 1e-6 * squares);

        float[] sums = [.. a];
        Vectors.Add(b, sums);
        Assert.Equal(a.Zip(b, (x, y) => x + y), sums);
        Vectors.Scale(sums, 0.5f);
        Assert.Equal(a.Zip(b, (x, y) => (x + y) * 0.5f), sums);
    }

    [Fact]
    public void Of_nothing_the_squares_add_up_to_zero() => Assert.Equal(0, Vectors.SumOfSquares([]));

    /// <summary>log(1 + e) for e ≥ 0, also where 1 + e is 1.</summary>
    internal static double LogOnePlus(double e) => e < 1e-8 ? e : Math.Log(1 + e);

    private static void AssertFollows(
        Func<Vector512<float>, Vector512<float>> function, Func<double, double> expected, Func<float, double> relativeError)
    {
        foreach (float x in Points)
        {
            double wanted = expected(x);
            double error = relativeError(x);
            float actual = function(Vector512.Create(x))[3];
            Assert.True(
                Math.Abs(actual - wanted) <= (double.IsInfinity(error) ? 1e-30 : error * Math.Abs(wanted)),
                $"{actual} instead of {wanted} at {x}");
        }
    }
}
