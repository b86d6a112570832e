namespace Vae.Core.Tests.Objectives;

/// <summary>The losses, held to plain sums.</summary>
public sealed class ObjectiveValueTests : IDisposable
{
    private const int Batch = 4;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SmallModel _small = new();
    private readonly Terms _terms;

    public ObjectiveValueTests()
    {
        Tensor images = SmallModel.Images(Batch);
        _terms = _small.Model.Terms(images, SmallModel.Normal(2, 1, Batch, SmallModel.Latent));
    }

    public void Dispose()
    {
        _small.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Free_bits_charge_the_batch_s_mean_of_each_dimension_but_no_less_than_lambda()
    {
        double[] kl = [.. Enumerable.Range(0, SmallModel.Latent).Select(d => Column(_terms.KlPerDimension()!, d).Average())];
        double lambda = kl.Average(); // above one dimension and below the other
        double charged = kl.Sum(nats => Math.Max(lambda, nats));

        double[] loss = Loss(new FreeBitsObjective { Lambda = lambda, Beta = 0.5 });

        double[] reconstruction = Values(_terms.Reconstruction());
        Assert.All(Enumerable.Range(0, Batch), i => Assert.Equal((0.5 * charged) - reconstruction[i], loss[i], 12));
        Assert.True(charged > kl.Sum());
        Assert.Equal(
            loss.Average(), new FreeBitsObjective { Lambda = lambda, Beta = 0.5 }.LossOf(reconstruction.Average(), kl.Sum(), kl, 0, 1), 12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(50)]
    public void Capacity_is_the_distance_of_the_batch_s_KL_from_what_has_risen(long step)
    {
        CapacityObjective objective = new() { Gamma = 3, Capacity = 25, RiseEpochs = 10 };
        double wanted = Math.Min(25, 2.5 * step);
        double kl = Values(_terms.Kl()).Average();
        double[] reconstruction = Values(_terms.Reconstruction());

        double[] loss = Loss(objective, step);

        Assert.All(Enumerable.Range(0, Batch), i => Assert.Equal((3 * Math.Abs(kl - wanted)) - reconstruction[i], loss[i], 11));
        Assert.Equal(loss.Average(), objective.LossOf(reconstruction.Average(), kl, [], step, 1), 11);
        Assert.Equal(25, new CapacityObjective { Gamma = 1, Capacity = 25, RiseEpochs = 0 }.CapacityAt(0, 1));
    }

    [Fact]
    public void The_total_correlation_is_the_minibatch_weighted_estimate()
    {
        const double N = 1000;
        double[] z = Values(_terms.Latents[0].Z);
        double[] mean = Values(_terms.Latents[0].Posterior!.Mean);
        double[] logVariance = Values(_terms.Latents[0].Posterior!.LogVariance);
        double Marginal(int draw, int image, int d) =>
            Normal(z[(2 * draw) + d], mean[(2 * image) + d], Math.Exp(logVariance[(2 * image) + d]));

        double[] loss = Loss(new BetaTcObjective { Beta = 6 });

        double[] reconstruction = Values(_terms.Reconstruction());
        double[] prior = Values(_terms.LogPrior());
        for (int i = 0; i < Batch; i++)
        {
            double logPosterior = Math.Log(Marginal(i, i, 0) * Marginal(i, i, 1));
            double logAggregate = Math.Log(Enumerable.Range(0, Batch).Sum(j => Marginal(i, j, 0) * Marginal(i, j, 1)) / (N * Batch));
            double logMarginals = Enumerable.Range(0, 2)
                .Sum(d => Math.Log(Enumerable.Range(0, Batch).Sum(j => Marginal(i, j, d)) / (N * Batch)));
            double expected = logPosterior - logAggregate + (6 * (logAggregate - logMarginals)) + logMarginals
                - prior[i] - reconstruction[i];
            Assert.Equal(expected, loss[i], 10);
        }
    }

    [Fact]
    public void With_weight_one_the_total_correlation_leaves_the_negative_ELBO_of_the_draw()
    {
        double[] loss = Loss(new BetaTcObjective { Beta = 1 });

        double[] weights = Values(_terms.LogWeights());
        Assert.All(Enumerable.Range(0, Batch), i => Assert.Equal(-weights[i], loss[i], 10));
    }

    [Theory]
    [InlineData(MmdKernel.Rbf)]
    [InlineData(MmdKernel.Imq)]
    public void The_discrepancy_is_the_unbiased_estimate_over_all_pairs(MmdKernel kernel)
    {
        double[] a = Values(SmallModel.Normal(1, 5, 3));
        double[] b = Values(SmallModel.Normal(2, 5, 3));
        const double Scale = 2 * 3 * 0.8 * 0.8;
        double Kernel(double[] left, int i, double[] right, int j)
        {
            double squares = Enumerable.Range(0, 3).Sum(d => Math.Pow(left[(3 * i) + d] - right[(3 * j) + d], 2));
            return kernel == MmdKernel.Rbf ? Math.Exp(-squares / Scale) : Scale / (Scale + squares);
        }

        double expected = 0;
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                expected += i == j ? 0 : (Kernel(a, i, a, j) + Kernel(b, i, b, j)) / 20;
                expected -= 2 * Kernel(a, i, b, j) / 25;
            }
        }

        MmdObjective objective = new() { KlWeight = 0, MmdWeight = 1, Kernel = kernel, Bandwidth = 0.8 };
        double actual = objective.SquaredDiscrepancy(tensor(a, [5, 3]), tensor(b, [5, 3])).ToDouble();

        Assert.Equal(expected, actual, 12);
    }

    [Fact]
    public void The_discrepancy_of_samples_of_one_distribution_is_zero_on_average_and_of_two_above_it()
    {
        MmdObjective objective = new() { KlWeight = 0, MmdWeight = 1, Kernel = MmdKernel.Imq, Bandwidth = 1 };
        double[] same = [.. Enumerable.Range(0, 400).Select(i =>
            objective.SquaredDiscrepancy(SmallModel.Normal((ulong)(2 * i), 20, 2), SmallModel.Normal((ulong)((2 * i) + 1), 20, 2))
                .ToDouble())];

        DrawnMean.Of(same).AssertIs(0);
        Assert.True(objective.SquaredDiscrepancy(SmallModel.Normal(1, 200, 2), SmallModel.Normal(2, 200, 2) + 1).ToDouble() > 0.05);
    }

    [Fact]
    public void A_last_batch_of_one_image_has_a_finite_discrepancy()
    {
        MmdObjective objective = new() { KlWeight = 0, MmdWeight = 1, Kernel = MmdKernel.Rbf, Bandwidth = 1 };
        double value = objective.SquaredDiscrepancy(SmallModel.Normal(1, 1, 2), SmallModel.Normal(2, 1, 2)).ToDouble();

        Assert.InRange(value, -2, 0);
    }

    [Fact]
    public void The_draws_of_the_prior_depend_on_the_step_alone()
    {
        double Value(long step) => Loss(new MmdObjective { KlWeight = 0, MmdWeight = 100, Kernel = MmdKernel.Rbf, Bandwidth = 1 }, step)[0];

        Assert.Equal(Value(3), Value(3));
        Assert.NotEqual(Value(3), Value(4));
    }

    [Fact]
    public void The_figures_of_every_objective_are_those_of_its_terms()
    {
        Objective[] objectives =
        [
            new ElboObjective { Beta = 4 },
            new FreeBitsObjective { Lambda = 1, Beta = 1 },
            new CapacityObjective { Gamma = 100, Capacity = 25, RiseEpochs = 0 },
            new IwaeObjective { Samples = 1, Gradient = IwaeGradient.Dreg },
            new BetaTcObjective { Beta = 6 },
            new MmdObjective { KlWeight = 0, MmdWeight = 10, Kernel = MmdKernel.Rbf, Bandwidth = 1 },
        ];

        Assert.All(objectives, objective => Assert.Same(_terms, objective.Evaluate(new KnownTerms(_terms), NoDraws, Context(0)).Terms));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_closed_form_KL_is_the_mean_over_draws_within_four_standard_errors(ulong seed)
    {
        DiagonalGaussian q = new(SmallModel.Normal(seed, 1, 6) * 2, SmallModel.Normal(seed + 10, 1, 6));
        Tensor z = q.Reparameterize(SmallModel.Normal(seed + 20, 50_000, 1, 6));
        StandardNormalDensity p = new();

        DrawnMean.OfTensor(q.LogProbability(z) - p.LogProbability(z)).AssertIs(p.KlFrom(q).sum().ToDouble());
    }

    private static Draws NoDraws => new GivenDraws(zeros(1, Batch, SmallModel.Latent));

    private static ObjectiveContext Context(long step, long trainingImages = 1000) =>
        new(step, 1, trainingImages, new RandomStream(5, RandomPurpose.ObjectiveNoise));

    private static double[] Values(Tensor tensor) => tensor.detach().flatten().data<double>().ToArray();

    private static double[] Column(Tensor rows, int column) => Values(rows.narrow(1, column, 1));

    private static double Normal(double x, double mean, double variance) =>
        Math.Exp(-0.5 * (x - mean) * (x - mean) / variance) / Math.Sqrt(2 * Math.PI * variance);

    private double[] Loss(Objective objective, long step = 0) =>
        Values(objective.Evaluate(new KnownTerms(_terms), NoDraws, Context(step)).Loss);
}
