namespace Vae.Core.Tests.Objectives;

/// <summary>What the estimators of the importance-weighted bound's gradient promise, on a model whose posterior is known.</summary>
public sealed class ImportanceWeightedGradientTests : IDisposable
{
    private const int Repeats = 40_000;
    private static readonly ObjectiveContext Context = new(0, 1, 1000, new RandomStream(1, RandomPurpose.ObjectiveNoise));
    private readonly LinearGaussianModel _pca = new();

    public void Dispose() => _pca.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void The_doubly_reparameterized_gradient_has_the_plain_one_s_expectation_and_less_variance(int samples)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor plain = Gradients(new IwaeObjective { Samples = samples, Gradient = IwaeGradient.Standard }, samples);
        Tensor doubly = Gradients(new IwaeObjective { Samples = samples, Gradient = IwaeGradient.Dreg }, samples);

        AssertSameExpectation(plain, doubly);
        Assert.True(
            TotalVariance(doubly) < 0.7 * TotalVariance(plain), $"{TotalVariance(doubly)} is not clearly below {TotalVariance(plain)}");
    }

    [Fact]
    public void With_one_sample_sticking_the_landing_has_the_expectation_of_the_ELBO_s_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor plain = Gradients(new ElboObjective { Beta = 1 }, 1);

        AssertSameExpectation(plain, Gradients(new IwaeObjective { Samples = 1, Gradient = IwaeGradient.Stl }, 1));
    }

    [Fact]
    public void With_more_samples_sticking_the_landing_is_biased_as_it_says()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor difference = Gradients(new IwaeObjective { Samples = 5, Gradient = IwaeGradient.Stl }, 5)
            - Gradients(new IwaeObjective { Samples = 5, Gradient = IwaeGradient.Standard }, 5);

        Assert.Contains(Columns(difference), column => Math.Abs(column.Mean) > 6 * column.StandardError);
    }

    [Theory]
    [InlineData(IwaeGradient.Dreg)]
    [InlineData(IwaeGradient.Stl)]
    public void Under_the_exact_posterior_both_are_zero_for_every_draw_where_the_plain_one_is_noise(IwaeGradient gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        double largest = Gradients(new IwaeObjective { Samples = 4, Gradient = gradient }, 4, exact: true).abs().max().ToDouble();
        Tensor gradients = Gradients(new IwaeObjective { Samples = 4, Gradient = IwaeGradient.Standard }, 4, exact: true);
        double plain = gradients.abs().max().ToDouble();

        Assert.True(largest < 1e-9, $"{largest}");
        Assert.True(plain > 0.1, $"{plain}");
    }

    [Theory]
    [InlineData(IwaeGradient.Dreg)]
    [InlineData(IwaeGradient.Stl)]
    public void Value_and_decoder_s_gradient_are_those_of_the_plain_estimator_for_every_draw(IwaeGradient gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        (double plainLoss, double[] plain) = DecoderGradient(new IwaeObjective { Samples = 6, Gradient = IwaeGradient.Standard });
        (double loss, double[] other) = DecoderGradient(new IwaeObjective { Samples = 6, Gradient = gradient });

        Assert.Equal(plainLoss, loss, 10);
        Assert.All(plain.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 10));
        Assert.Contains(plain, value => Math.Abs(value) > 0.01);
    }

    [Fact]
    public void The_loss_is_the_negative_logarithm_of_the_mean_weight()
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallModel small = new();
        Tensor images = SmallModel.Images(3);
        Tensor noise = SmallModel.Normal(2, 4, 3, SmallModel.Latent);
        double[] weights = small.Model.Terms(images, noise).LogWeights().flatten().data<double>().ToArray(); // [K, B]

        foreach (IwaeGradient gradient in Enum.GetValues<IwaeGradient>())
        {
            ObjectiveValue value = new IwaeObjective { Samples = 4, Gradient = gradient }.Evaluate(small.Model, images, noise, Context);
            double[] losses = value.Loss.data<double>().ToArray();
            for (int image = 0; image < 3; image++)
            {
                double mean = Enumerable.Range(0, 4).Average(k => Math.Exp(weights[(3 * k) + image]));
                Assert.Equal(-Math.Log(mean), losses[image], 10);
            }
        }
    }

    // The gradient with respect to the posterior's mean and log-variance of one image, for each of many draws alone, [Repeats, 2·D].
    private Tensor Gradients(Objective objective, int samples, bool exact = false)
    {
        Tensor image = LinearGaussianModel.Images(1).expand(Repeats, LinearGaussianModel.Pixels);
        DiagonalGaussian start = exact ? _pca.Model.Encode(image) : _pca.Perturbed(image, mean: 0.4, logVariance: 0.5);
        DiagonalGaussian leaves = new(start.Mean.detach().requires_grad_(), start.LogVariance.detach().requires_grad_());
        Tensor noise = SmallModel.Normal(11, samples, Repeats, LinearGaussianModel.Latent);

        Inference inferred = _pca.Model.Infer(TermsOf.Batch(image), new Given { Posterior = leaves });
        objective.Evaluate(inferred, new GivenDraws(noise), Context).Loss.sum().backward();

        return cat([leaves.Mean.grad!, leaves.LogVariance.grad!], 1);
    }

    private static (double Loss, double[] Gradient) DecoderGradient(Objective objective)
    {
        using SmallModel small = new("mixture");
        Tensor images = SmallModel.Images(3);
        Tensor noise = SmallModel.Normal(2, objective.SamplesPerImage, 3, SmallModel.Latent);
        Tensor loss = objective.Evaluate(small.Model, images, noise, Context).Loss.mean();
        loss.backward();
        double[] gradient =
        [
            .. small.Model.named_parameters().Where(pair => !pair.name.StartsWith("encoder.", StringComparison.Ordinal))
                .SelectMany(pair => pair.parameter.grad!.flatten().data<double>().ToArray()),
        ];
        return (loss.ToDouble(), gradient);
    }

    private static void AssertSameExpectation(Tensor left, Tensor right) =>
        Assert.All(Columns(left - right), column => column.AssertIs(0)); // the same draws: what they share falls out

    private static IEnumerable<DrawnMean> Columns(Tensor rows) =>
        Enumerable.Range(0, (int)rows.shape[1]).Select(column => DrawnMean.OfTensor(rows.narrow(1, column, 1)));

    private static double TotalVariance(Tensor rows) => rows.var(0, unbiased: true).sum().ToDouble();
}
