namespace Vae.Core.Tests.Evaluation;

public sealed class ImportanceEvaluatorTests : IDisposable
{
    private const int Images = 11;

    private static readonly ImageSet Digits =
        new DigitsSource().Load(DatasetPart.Test, new DataRequest(), Images);

    private static readonly PixelTransform Transform = new(Binarization.Static, new RandomStream(0, RandomPurpose.EvaluationBinarization));
    private static readonly BatchLoader Loader = new(Digits, Transform, CPU);

    private readonly List<VariationalAutoencoder> _models = [];

    public void Dispose() => _models.ForEach(model => model.Dispose());

    [Fact]
    public void Neither_chunk_nor_batch_nor_threads_change_a_figure()
    {
        VariationalAutoencoder model = Model(latent: 5);
        EvaluationResult expected = Evaluate(
            model, new ImportanceEvaluator { Samples = 130, ImagesPerBatch = Images, LatentsPerChunk = 4096 });
        ImportanceEvaluator[] others =
        [
            new() { Samples = 130, ImagesPerBatch = 1, LatentsPerChunk = 64 },
            new() { Samples = 130, ImagesPerBatch = 4, LatentsPerChunk = 7 },
            new() { Samples = 130, Workers = 3, LatentsPerChunk = 1 },
            new() { Samples = 130, Workers = 2, ImagesPerBatch = 3, LatentsPerChunk = 300 }, // two images at once
        ];
        Assert.All(others, other => AssertSame(expected, Evaluate(model, other)));
    }

    [Fact]
    public void A_KL_by_draws_takes_the_same_ones_whatever_the_chunks()
    {
        const int Samples = 18_200; // a little more than what the marginals of 11 images are estimated by
        VariationalAutoencoder model = Model(
            Configuration(latent: 2) with { Prior = new MixturePriorConfiguration { Components = 3, Spread = 4 } });
        EvaluationResult expected = Evaluate(
            model, new ImportanceEvaluator { Samples = Samples, ImagesPerBatch = Images, LatentsPerChunk = 50_000 });

        EvaluationResult other = Evaluate(
            model, new ImportanceEvaluator { Samples = Samples, ImagesPerBatch = 4, LatentsPerChunk = 3_000 });

        AssertSame(expected, other);
        double[] exact = MarginalKls(model);
        Assert.All(exact, nats => Assert.True(nats > 0.1, $"{nats} is hardly more than none"));
        Assert.All(exact.Zip(other.KlPerDimension), pair => Assert.Equal(pair.First, pair.Second, 0.01));
    }

    [Fact]
    public void Log_likelihoods_come_to_the_integral_over_the_latent()
    {
        const int Samples = 4000;
        VariationalAutoencoder model = Model(latent: 1);
        EvaluationResult result = Evaluate(model, new ImportanceEvaluator { Samples = Samples });
        double[] exact = Integrals(model);

        Assert.All(result.Scores.Zip(exact), pair =>
        {
            double error = Math.Sqrt((1 / pair.First.EffectiveSampleSize) - (1.0 / Samples));
            Assert.InRange(pair.First.LogLikelihood - pair.Second, (-5 * error) - 1e-3, (5 * error) + 1e-3);
            Assert.True(pair.First.Elbo < pair.Second);
        });
        double difference = result.LogLikelihood - exact.Average();
        double spread = result.MonteCarloError!.Value;
        Assert.InRange(difference, (-4 * spread) - 1e-3, (4 * spread) + 1e-3);
        Assert.Equal((false, false), (result.MonteCarloErrorIsRough, result.BoundIsFar));
    }

    [Fact]
    public void The_bound_rises_with_the_samples_from_the_elbo_on()
    {
        EvaluationResult result = Evaluate(Model(latent: 5), new ImportanceEvaluator { Samples = 1000 });

        Assert.Equal([1, 10, 100, 1000], result.Curve.Select(point => point.Samples));
        Assert.Equal(result.Curve.OrderBy(point => point.LogLikelihood), result.Curve);
        Assert.True(result.LogLikelihood > result.Elbo);
        Assert.All(result.Curve, point => Assert.InRange(point.EffectiveSampleSize, 1 - 1e-9, point.Samples + 1e-9));
    }

    [Fact]
    public void One_sample_gives_the_elbo_but_for_the_noise_of_its_KL_and_no_error_of_the_draws()
    {
        EvaluationResult result = Evaluate(Model(latent: 5), new ImportanceEvaluator { Samples = 1 });

        Assert.Single(result.Curve);
        Assert.Null(result.MonteCarloError);
        Assert.False(result.MonteCarloErrorIsRough);
        Assert.True(result.BoundIsFar);
        Assert.NotNull(result.LogLikelihoodStandardError);
        Assert.InRange(result.LogLikelihood - result.Elbo, -5, 5);
    }

    [Fact]
    public void Means_and_errors_are_those_of_the_images()
    {
        EvaluationResult result = Evaluate(Model(latent: 5), new ImportanceEvaluator { Samples = 20 });
        double[] scores = [.. result.Scores.Select(score => score.LogLikelihood)];
        double deviation = Math.Sqrt(scores.Sum(score => Math.Pow(score - scores.Average(), 2)) / (Images - 1));

        Assert.Equal(Images, result.Images);
        Assert.Equal(Digits.Labels!, result.Labels!);
        Assert.Equal(scores.Average(), result.LogLikelihood, 10);
        Assert.Equal(deviation / Math.Sqrt(Images), result.LogLikelihoodStandardError!.Value, 10);
        Assert.Equal(result.Scores.Average(score => score.Elbo), result.Elbo, 10);
        Assert.Equal(result.Kl, result.KlPerDimension.Sum(), 6);
        Assert.Equal(-result.LogLikelihood / (784 * Math.Log(2)), result.BitsPerDimension!.Value, 10);
    }

    [Fact]
    public void The_error_of_the_draws_is_the_spread_between_seeds_and_rough_for_few_images_with_few_effective_samples()
    {
        VariationalAutoencoder model = Model(latent: 5);
        EvaluationResult[] seeds =
            [.. Enumerable.Range(0, 60).Select(seed => Evaluate(model, new ImportanceEvaluator { Samples = 20 }, (ulong)seed))];
        double mean = seeds.Average(result => result.LogLikelihood);
        double variance = seeds.Sum(result => Math.Pow(result.LogLikelihood - mean, 2)) / (seeds.Length - 1);

        // 60 seeds leave ±20 % twice over.
        Assert.InRange(seeds.Average(result => Math.Pow(result.MonteCarloError!.Value, 2)) / variance, 0.6, 1.8);
        Assert.All(seeds, result => Assert.True(result.MonteCarloErrorIsRough));
    }

    [Fact]
    public void Of_one_image_nothing_is_said_that_takes_two()
    {
        EvaluationResult result = new ImportanceEvaluator { Samples = 100 }.Evaluate(
            Model(latent: 5), new BatchLoader(Digits.Slice(0, 1), Transform, CPU), new RandomStream(1, RandomPurpose.EvaluationNoise), CPU);

        Assert.Null(result.LogLikelihoodStandardError);
        Assert.All(result.Curve, point => Assert.Null(point.StandardError));
        Assert.Null(result.ActiveUnits);
        KlDecomposition parts = result.Decomposition!;
        Assert.All(
            [parts.Kl, parts.MutualInformation, parts.MarginalKl, parts.TotalCorrelation, parts.DimensionWiseKl!.Value],
            part => Assert.Null(part.StandardError));
        Assert.True(result.MonteCarloError > 0);
    }

    [Fact]
    public void A_prior_without_a_closed_form_gives_the_same_KL_by_draws()
    {
        GaussianVaeConfiguration normal = Configuration(latent: 3);
        // N(0, I) too.
        GaussianVaeConfiguration mixture = normal with { Prior = new MixturePriorConfiguration { Components = 1, Spread = 1e-6 } };
        EvaluationResult closed = Evaluate(Model(normal), new ImportanceEvaluator { Samples = 3000 });
        EvaluationResult drawn = Evaluate(Model(mixture), new ImportanceEvaluator { Samples = 3000 });

        Assert.NotEqual(closed.Kl, drawn.Kl);
        Assert.Equal(closed.Kl, drawn.Kl, 0.05);
        Assert.All(closed.KlPerDimension.Zip(drawn.KlPerDimension), pair => Assert.Equal(pair.First, pair.Second, 0.05));
        Assert.Equal(closed.LogLikelihood, drawn.LogLikelihood, 1e-3);
    }

    [Fact]
    public void Progress_comes_to_all_images_and_no_tensor_is_left()
    {
        VariationalAutoencoder model = Model(latent: 2);
        int most = 0;
        using DisposeScope scope = NewDisposeScope();

        Evaluate(model, new ImportanceEvaluator { Samples = 3, Workers = 1, Progress = done => most = Math.Max(most, done) });

        Assert.Equal(Images, most);
        Assert.Equal(0, scope.DisposablesCount);
    }

    private static void AssertSame(EvaluationResult expected, EvaluationResult actual)
    {
        const double Tolerance = 1e-4;
        Assert.Equal(expected.Elbo, actual.Elbo, Tolerance);
        Assert.Equal(expected.LogLikelihood, actual.LogLikelihood, Tolerance);
        Assert.Equal(expected.EffectiveSampleSize, actual.EffectiveSampleSize, 1e-2);
        Assert.Equal(expected.Decomposition!.TotalCorrelation.Value, actual.Decomposition!.TotalCorrelation.Value, Tolerance);
        Assert.All(expected.Curve.Zip(actual.Curve), pair => Assert.Equal(pair.First.LogLikelihood, pair.Second.LogLikelihood, Tolerance));
        Assert.All(expected.KlPerDimension.Zip(actual.KlPerDimension), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        Assert.All(expected.Scores.Zip(actual.Scores), pair =>
        {
            Assert.Equal(pair.First.LogLikelihood, pair.Second.LogLikelihood, 5 * Tolerance); // of one image in single precision
            Assert.Equal(pair.First.Elbo, pair.Second.Elbo, 5 * Tolerance);
        });
    }

    /// <summary>
    /// log ∫ p(x|z) N(z; 0, 1) dz of each image by the trapezoidal rule, which is exact to rounding for so smooth a function.
    /// </summary>
    private static double[] Integrals(VariationalAutoencoder model)
    {
        const int Points = 4001;
        const double End = 8;
        const double Step = 2 * End / (Points - 1);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        double[] grid = [.. Enumerable.Range(0, Points).Select(i => -End + (i * Step))];
        Tensor latents = tensor(Array.ConvertAll(grid, z => (float)z), [Points, 1, 1]).expand(Points, Images, 1);
        Tensor target = Loader.Load([.. Enumerable.Range(0, Images)], 0).Target;
        // [Points, Images]
        float[] logs = model.Likelihood.LogProbability(model.Decode(latents.contiguous()), target).data<float>().ToArray();
        return [.. Enumerable.Range(0, Images).Select(image =>
        {
            double[] terms =
                [.. grid.Select((z, i) => logs[(i * Images) + image] - (0.5 * z * z) - (0.5 * Math.Log(2 * Math.PI)) + Math.Log(Step))];
            return terms.Max() + Math.Log(terms.Sum(term => Math.Exp(term - terms.Max())));
        })];
    }

    /// <summary>Mean KL of the posteriors from the prior's marginal in each dimension, by the trapezoidal rule, [D].</summary>
    private static double[] MarginalKls(VariationalAutoencoder model)
    {
        const int Points = 8001;
        const double End = 12;
        const double Step = 2 * End / (Points - 1);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor grid = linspace(-End, End, Points, ScalarType.Float32);                                      // [Points]
        Tensor rows = grid.reshape(-1, 1, 1).expand(Points, Images, 2);                                     // [Points, N, D]
        DiagonalGaussian posterior = model.Encode(Loader.Load([.. Enumerable.Range(0, Images)], 0).Input);  // [N, D]
        Tensor logPosterior = posterior.LogMarginals(rows);
        Tensor density = logPosterior.exp() * (logPosterior - ((IMarginals)model.Prior.At(null)).LogMarginals(rows.contiguous()));
        return [.. (density.sum(0L) * Step).mean([0L]).data<float>().ToArray().Select(nats => (double)nats)];
    }

    private static EvaluationResult Evaluate(VariationalAutoencoder model, ImportanceEvaluator evaluator, ulong seed = 1) =>
        evaluator.Evaluate(model, Loader, new RandomStream(seed, RandomPurpose.EvaluationNoise), CPU);

    private static GaussianVaeConfiguration Configuration(int latent) => new()
    {
        Latent = latent,
        Encoder = new MlpConfiguration { Hidden = [16] },
        Decoder = new MlpConfiguration { Hidden = [16], Activation = Activation.Tanh },
    };

    private VariationalAutoencoder Model(int latent) => Model(Configuration(latent));

    private VariationalAutoencoder Model(GaussianVaeConfiguration configuration)
    {
        VariationalAutoencoder model = configuration.BuildVae(Digits.Shape, seed: 4);
        model.eval();
        _models.Add(model);
        return model;
    }
}
