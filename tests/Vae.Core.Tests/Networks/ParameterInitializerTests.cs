namespace Vae.Core.Tests.Networks;

public sealed class ParameterInitializerTests : IDisposable
{
    private static readonly RandomStream Stream = new(7, RandomPurpose.ParameterInitialization);
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(Initializer.Pytorch, "linear", 1.0 / 300)]
    [InlineData(Initializer.He, "linear", 2.0 / 300)]
    [InlineData(Initializer.Xavier, "linear", 2.0 / (300 + 200))]
    [InlineData(Initializer.Pytorch, "conv", 1.0 / (20 * 16))]
    [InlineData(Initializer.He, "conv", 2.0 / (20 * 16))]
    [InlineData(Initializer.Xavier, "conv", 2.0 / ((20 * 16) + (30 * 4)))]
    [InlineData(Initializer.Pytorch, "transposed", 1.0 / (30 * 16))]
    [InlineData(Initializer.He, "transposed", 2.0 / (20 * 4))]
    [InlineData(Initializer.Xavier, "transposed", 2.0 / ((20 * 4) + (30 * 16)))]
    public void Weights_have_the_variance_of_their_rule(Initializer initializer, string kind, double variance)
    {
        using nn.Module layer = Layer(kind);
        ParameterInitializer.Initialize(layer, Stream, initializer);

        float[] weights = layer.state_dict()["0.weight"].data<float>().ToArray();
        double expected = initializer == Initializer.Pytorch ? variance / 3 : variance; // a uniform draw within ±b has variance b²/3
        double measured = weights.Average(w => (double)w * w);
        double spread = expected * Math.Sqrt(2.0 / weights.Length); // of the measured variance; uniform draws have less
        Assert.InRange(measured, expected - (4 * spread), expected + (4 * spread));
        Assert.InRange(weights.Average(), -4 * Math.Sqrt(expected / weights.Length), 4 * Math.Sqrt(expected / weights.Length));
        if (initializer != Initializer.He)
        {
            Assert.InRange(weights.Max(), 0.99 * Math.Sqrt(3 * expected), Math.Sqrt(3 * expected) * 1.000001);
        }
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("wide")]
    [InlineData("conv")]
    [InlineData("transposed")]
    public void Orthogonal_rows_or_columns_are_orthonormal(string kind)
    {
        using nn.Module layer = Layer(kind);
        ParameterInitializer.Initialize(layer, Stream, Initializer.Orthogonal);

        Tensor weight = layer.state_dict()["0.weight"].flatten(1).to_type(ScalarType.Float64);
        Tensor gram = weight.shape[0] <= weight.shape[1] ? weight.matmul(weight.t()) : weight.t().matmul(weight);
        double error = (gram - eye(gram.shape[0], dtype: ScalarType.Float64)).abs().max().ToDouble();
        Assert.InRange(error, 0, 1e-6);
    }

    [Fact]
    public void Orthogonal_draws_are_as_likely_in_one_direction_as_in_its_opposite()
    {
        // Uniform over directions: the mean of an entry is 0, and its square's mean 1/n.
        using nn.Module layer = Layer("wide");
        ParameterInitializer.Initialize(layer, Stream, Initializer.Orthogonal);
        float[] weights = layer.state_dict()["0.weight"].data<float>().ToArray();

        Assert.Equal(1.0 / 400, weights.Average(w => (double)w * w), 6);
        Assert.InRange(weights.Average(), -4 / Math.Sqrt(400.0 * weights.Length), 4 / Math.Sqrt(400.0 * weights.Length));
    }

    [Theory]
    [InlineData(Initializer.He)]
    [InlineData(Initializer.Xavier)]
    [InlineData(Initializer.Orthogonal)]
    public void Biases_are_zero_but_for_PyTorchs_rule(Initializer initializer)
    {
        using nn.Module layer = Layer("conv");
        ParameterInitializer.Initialize(layer, Stream, initializer);
        Assert.All(layer.state_dict()["0.bias"].data<float>().ToArray(), bias => Assert.Equal(0, bias));

        ParameterInitializer.Initialize(layer, Stream);
        Assert.All(layer.state_dict()["0.bias"].data<float>().ToArray(), bias => Assert.NotEqual(0, bias));
    }

    [Theory]
    [InlineData(Initializer.Pytorch)]
    [InlineData(Initializer.He)]
    [InlineData(Initializer.Xavier)]
    [InlineData(Initializer.Orthogonal)]
    public void The_same_seed_gives_the_same_weights_and_another_others(Initializer initializer)
    {
        float[] Draw(ulong seed)
        {
            using nn.Module layer = Layer("linear");
            ParameterInitializer.Initialize(layer, new RandomStream(seed, RandomPurpose.ParameterInitialization), initializer);
            return layer.state_dict()["0.weight"].data<float>().ToArray();
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void A_layer_is_drawn_once_under_however_many_names_it_stands()
    {
        // Its fields register beside its constructor.
        using GaussianEncoder encoder = new MlpConfiguration { Hidden = [5] }.BuildEncoder(new ImageShape(1, 2, 3), 2);
        ParameterInitializer.Initialize(encoder, Stream);
        Dictionary<string, Tensor> state = encoder.state_dict();

        // In the order of registration: the heads come before the layers inside the body.
        string[] names =
            ["mean.weight", "mean.bias", "log_variance.weight", "log_variance.bias", "body.layers.0.weight", "body.layers.0.bias"];
        for (int i = 0; i < names.Length; i++)
        {
            Tensor uniform = Noise.Uniform(Stream, i, 0, CPU, state[names[i]].shape);
            double bound = 1 / Math.Sqrt(i < 4 ? 5 : 6);
            Assert.Equal(((uniform * (2 * bound)) - bound).data<float>().ToArray(), state[names[i]].data<float>().ToArray());
        }
    }

    private static Sequential Layer(string kind) => nn.Sequential(kind switch
    {
        "linear" => (nn.Module<Tensor, Tensor>)nn.Linear(300, 200),
        "wide" => nn.Linear(30, 400),
        "conv" => nn.Conv2d(20, 30, 4, 2, 1),
        _ => nn.ConvTranspose2d(20, 30, 4, 2, 1),
    });
}
