namespace Vae.Core.Tests.Networks;

/// <summary>The products of few rows are held to sums in float64, at every kind of edge.</summary>
public class ProductKernelTests
{
    public static TheoryData<int, int, int> Shapes()
    {
        TheoryData<int, int, int> shapes = [];
        foreach (int rows in new[] { 1, 4, 5, 7, 10 })
        {
            foreach (int inputs in new[] { 16, 17, 31, 40, 64, 65, 80, 100, 784 })
            {
                foreach (int units in new[] { 1, 3, 4, 6, 20 })
                {
                    shapes.Add(rows, inputs, units);
                }
            }
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rows_times_weights(int rows, int inputs, int units)
    {
        float[] x = Numbers(rows * inputs, 1);
        float[] weights = Numbers(units * inputs, 2);
        float[] products = Filled(rows * units);

        ProductKernel.Forward(x, weights, inputs, products);

        AssertSums(products, rows, units, inputs, (row, unit, k) => (double)x[(row * inputs) + k] * weights[(unit * inputs) + k]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_times_weights(int rows, int inputs, int units)
    {
        float[] gradients = Numbers(rows * units, 3);
        float[] weights = Numbers(units * inputs, 4);
        float[] sums = Filled(rows * inputs);

        ProductKernel.Combine(gradients, units, 1, weights, inputs, sums);

        AssertSums(sums, rows, inputs, units, (row, k, unit) => (double)gradients[(row * units) + unit] * weights[(unit * inputs) + k]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_of_some_units_times_rows(int rows, int inputs, int units)
    {
        int width = units + 3; // the units are some of a layer's
        float[] gradients = Numbers(rows * width, 5);
        float[] x = Numbers(rows * inputs, 6);
        float[] sums = Filled(units * inputs);

        ProductKernel.Combine(gradients.AsSpan(2), 1, width, x, inputs, sums);

        AssertSums(sums, units, inputs, rows, (unit, k, row) => (double)gradients[(row * width) + unit + 2] * x[(row * inputs) + k]);
    }

    [Fact]
    public void Nothing_beyond_the_numbers_is_touched()
    {
        float[] products = Filled(100);
        float[] sums = Filled(200);

        ProductKernel.Forward(Numbers(7 * 33, 1), Numbers(6 * 33, 2), 33, products.AsSpan(10, 7 * 6));
        ProductKernel.Combine(Numbers(3 * 6, 3), 6, 1, Numbers(6 * 33, 4), 33, sums.AsSpan(10, 3 * 33));

        Assert.All(products[..10].Concat(products[52..]).Concat(sums[..10]).Concat(sums[109..]), number => Assert.Equal(float.NaN, number));
        Assert.DoesNotContain(float.NaN, products[10..52].Concat(sums[10..109]));
    }

    [Theory]
    [InlineData(2, 3, 15)] // narrower than a vector
    [InlineData(2, 4, 16)] // more products than rows and units
    public void Shapes_that_do_not_fit_are_refused(int rows, int units, int inputs) => Assert.Throws<ArgumentException>(
        () => ProductKernel.Forward(Numbers(rows * inputs, 1), Numbers(3 * inputs, 2), inputs, Filled(rows * units)));

    [Fact]
    public void Factors_that_end_too_early_are_refused() => Assert.Throws<ArgumentException>(
        () => ProductKernel.Combine(Numbers(11, 1), 4, 1, Numbers(4 * 16, 2), 16, Filled(3 * 16)));

    [Theory]
    [InlineData(0, 100, false)]
    [InlineData(1, 15, false)]
    [InlineData(1, 16, true)]
    [InlineData(20, 784, true)]
    [InlineData(1_000, 784, false)]
    [InlineData(20, 10_000, false)]
    public void What_it_is_made_for(int rows, int inputs, bool takes) => Assert.Equal(takes, ProductKernel.Takes(rows, inputs));

    private static void AssertSums(float[] actual, int rows, int columns, int terms, Func<int, int, int, double> term)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double sum = 0;
                double size = 0;
                for (int i = 0; i < terms; i++)
                {
                    sum += term(row, column, i);
                    size += Math.Abs(term(row, column, i));
                }

                Assert.Equal(sum, actual[(row * columns) + column], 1e-6 * (1 + size));
            }
        }
    }

    private static float[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static float[] Filled(int count)
    {
        float[] numbers = new float[count];
        Array.Fill(numbers, float.NaN);
        return numbers;
    }
}
