namespace Vae.Core.Tests.Evaluation;

public class LogMeanExpTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(-800.0)] // exp underflows to 0
    [InlineData(900.0)]  // exp overflows
    public void It_is_the_logarithm_of_the_mean_at_any_magnitude(double shift)
    {
        double[] values = [0.5, -1.0, 2.0, 1.9, -30];
        double expected = Math.Log(values.Average(Math.Exp)) + shift;

        Assert.Equal(expected, Of(values.Select(value => value + shift)).Value, 10);
    }

    [Fact]
    public void The_order_does_not_matter()
    {
        double[] values = [3, 1, 2, -5, 8];

        Assert.Equal(Of(values).Value, Of(values.Reverse()).Value, 12);
    }

    [Fact]
    public void Equal_weights_count_as_many_as_they_are_and_one_that_dominates_as_one()
    {
        Assert.Equal(7, Of(Enumerable.Repeat(-100.0, 7)).EffectiveSampleSize, 10);
        Assert.Equal(1, Of([0, -50, -60, -70]).EffectiveSampleSize, 10);
    }

    [Fact]
    public void Two_streams_merge_into_what_one_would_be()
    {
        double[] values = [-700, 3, 1, 2, -5, 900];
        LogMeanExp merged = Of(values[..2]);
        merged.Merge(Of(values[2..]));
        merged.Merge(new LogMeanExp());
        LogMeanExp begun = new();
        begun.Merge(merged);

        Assert.Equal(values.Length, begun.Count);
        Assert.Equal(Of(values).Value, begun.Value, 10);
        Assert.Equal(Of(values).EffectiveSampleSize, begun.EffectiveSampleSize, 10);
    }

    private static LogMeanExp Of(IEnumerable<double> values)
    {
        LogMeanExp result = new();
        foreach (double value in values)
        {
            result.Add(value);
        }

        return result;
    }
}
