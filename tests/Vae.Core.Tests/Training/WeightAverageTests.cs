namespace Vae.Core.Tests.Training;

public sealed class WeightAverageTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Linear _model = nn.Linear(2, 1, hasBias: false);
    private readonly FlatParameters _parameters;

    public WeightAverageTests() => _parameters = new FlatParameters(_model);

    public void Dispose()
    {
        _parameters.Dispose();
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void It_is_the_formula()
    {
        Set(1, -1);
        using WeightAverage average = new(_parameters, 0.9);
        double[] expected = [1, -1];
        for (int n = 0; n < 200; n++)
        {
            float[] weights = [n % 7, -n];
            Set(weights);
            average.Update(n);
            double decay = Math.Min(0.9, (1.0 + n) / (10.0 + n));
            expected = [.. expected.Zip(weights, (mean, weight) => (decay * mean) + ((1 - decay) * weight))];
        }

        Assert.All(expected.Zip(Values(average.State()[0].Value)), pair => Assert.Equal(pair.First, pair.Second, 3));
        Assert.Equal("weight", Assert.Single(average.State()).Name);
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(8, 0.5)]
    [InlineData(1_000_000, 0.99)]
    public void The_first_weights_are_soon_forgotten(long update, double expected)
    {
        using WeightAverage average = new(_parameters, 0.99);

        Assert.Equal(expected, average.DecayAt(update), 12);
    }

    [Fact]
    public void Using_it_puts_it_in_the_weights_place_and_the_weights_come_back_to_the_last_bit()
    {
        Set(1, 2);
        using WeightAverage average = new(_parameters, 0.9);
        Set(1 / 3f, float.Epsilon);

        using (average.Use())
        {
            Assert.Equal([1, 2], Values(_model.weight!));
        }

        Assert.Equal([1 / 3f, float.Epsilon], Values(_model.weight!));
        Assert.Equal([1, 2], Values(average.State()[0].Value));
    }

    [Fact]
    public void It_leaves_no_tensor_behind()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (WeightAverage average = new(_parameters, 0.9))
        {
            average.Update(0);
            average.Use().Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static float[] Values(Tensor tensor) => tensor.detach().data<float>().ToArray();

    private void Set(params float[] weights)
    {
        using IDisposable noGradient = no_grad();
        _model.weight!.copy_(tensor(weights, [1, 2]));
    }
}
