namespace Vae.Core.Tests.Likelihoods;

/// <summary>What holds for every density: it integrates to one, its mean is its mean, its draws are its quantiles.</summary>
public class DensityLikelihoodTests
{
    public static TheoryData<string, double[]> Densities
    {
        get
        {
            TheoryData<string, double[]> data = [];
            foreach (double logit in new[] { -300.0, -30, -5, -0.51, -0.49, -1e-3, -1e-7, 0, 1e-9, 2e-6, 0.2, 0.4999, 0.5001, 3, 40, 250 })
            {
                data.Add("continuous_bernoulli", [logit]);
            }

            foreach (double location in new[] { -0.3, 0.5, 1.2 })
            {
                data.Add("gaussian_fixed", [location]);
                data.Add("laplace_fixed", [location]);
                foreach (double rawScale in new[] { -4.0, -1.3, 0, 0.8, 5 })
                {
                    data.Add("gaussian_pixel", [location, rawScale]);
                    data.Add("laplace_pixel", [location, rawScale]);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Densities))]
    public void It_integrates_to_one(string name, double[] output)
    {
        (LikelihoodOracle? oracle, double from, double to) = Oracle(name, output);

        Assert.Equal(1, oracle.Integral(from, to, _ => 1), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Densities))]
    public void The_mean_is_the_expectation(string name, double[] output)
    {
        (LikelihoodOracle? oracle, double from, double to) = Oracle(name, output);

        Assert.Equal(oracle.Integral(from, to, y => y), oracle.Mean(), 1e-7);
    }

    [Theory]
    [MemberData(nameof(Densities))]
    public void A_draw_has_the_mass_of_its_uniform_number_below_it(string name, double[] output)
    {
        (LikelihoodOracle? oracle, double from, double to) = Oracle(name, output);
        double[] uniform = [1e-3, 0.1, 0.37, 0.5, 0.81, 0.999];
        double[] drawn = oracle.Sample(uniform);
        for (int i = 0; i < uniform.Length; i++)
        {
            // The quadrature must not step over the Laplace density's edge.
            double middle = Math.Clamp(output[0], from, Math.Min(drawn[i], to));
            double below = oracle.Integral(from, middle, _ => 1) + oracle.Integral(middle, drawn[i], _ => 1);
            Assert.Equal(uniform[i], below, 2e-7);
        }
    }

    [Theory]
    [InlineData("continuous_bernoulli", 0.7)]
    [InlineData("gaussian_pixel", 0.45, -2.5)]
    [InlineData("laplace_fixed", 0.45)]
    public void On_dequantized_pixels_draws_are_levels_and_the_mean_is_theirs(string name, params double[] output)
    {
        (LikelihoodOracle? bare, double _, double _) = Oracle(name, output);
        (LikelihoodOracle? oracle, double _, double _) = Oracle(name, output, TargetKind.Dequantized);
        double[] uniform = [0, 0.01, 0.3, 0.5, 0.9, 1 - Math.Pow(2, -24)];

        double[] expected = [.. bare.Sample(uniform).Select(y => Math.Clamp(Math.Floor(y * 256), 0, 255) / 255)];

        Assert.Equal(expected, oracle.Sample(uniform));
        Assert.Equal(((bare.Mean() * 256) - 0.5) / 255, oracle.Mean(), 12);
    }

    [Fact]
    public void The_middle_of_a_level_is_shown_as_that_level()
    {
        for (int level = 0; level < 256; level++)
        {
            (LikelihoodOracle? oracle, double _, double _) = Oracle("gaussian_fixed", [(level + 0.5) / 256], TargetKind.Dequantized);

            Assert.Equal(level / 255.0, oracle.Mean(), 12);
        }
    }

    [Theory]
    [InlineData("continuous_bernoulli", 0.7)]
    [InlineData("gaussian_fixed", 0.4)]
    [InlineData("laplace_fixed", 0.4)]
    public void On_dequantized_pixels_the_volume_of_a_level_is_added(string name, params double[] output)
    {
        (LikelihoodOracle? bare, double _, double _) = Oracle(name, output);
        (LikelihoodOracle? oracle, double _, double _) = Oracle(name, output, TargetKind.Dequantized);

        Assert.Equal(bare.LogProbability(0.3)[0] - Math.Log(256), oracle.LogProbability(0.3)[0], 10);
    }

    [Theory]
    [InlineData("continuous_bernoulli", -4.0)]
    [InlineData("gaussian_pixel", 0.4, -3.0)]
    [InlineData("laplace_pixel", 0.4, -3.0)]
    public void Over_the_noise_the_log_probability_of_a_level_is_bounded_by_the_mass_of_its_interval(string name, params double[] output)
    {
        (LikelihoodOracle? bare, double _, double _) = Oracle(name, output);
        (LikelihoodOracle? oracle, double _, double _) = Oracle(name, output, TargetKind.Dequantized);
        for (int level = 0; level < 256; level += 15)
        {
            double mass = bare.Integral(level / 256.0, (level + 1) / 256.0, _ => 1, pieces: 50);
            double[] draws = oracle.LogProbability([.. Enumerable.Range(0, 1000).Select(i => (level + ((i + 0.5) / 1000)) / 256)]);

            Assert.True(draws.Average() <= Math.Log(mass) + 1e-9);
            Assert.Equal(Math.Log(mass), draws.Average(), 0.05);
        }
    }

    [Theory]
    [InlineData("continuous_bernoulli", 1)]
    [InlineData("gaussian_fixed", 1)]
    [InlineData("gaussian_pixel", 2)]
    [InlineData("laplace_fixed", 1)]
    [InlineData("laplace_pixel", 2)]
    public void Gradients_are_those_of_central_differences(string name, int planes)
    {
        using Likelihood likelihood = Build(name, TargetKind.UnitInterval, pixels: 5);
        Random random = new(3);
        double[,,] output = new double[2, 3, 5 * planes];
        IEnumerable<(int, int, int)> places =
            from k in Enumerable.Range(0, 2)
            from b in Enumerable.Range(0, 3)
            from i in Enumerable.Range(0, 5 * planes)
            select (k, b, i);
        foreach ((int k, int b, int i) in places)
        {
            output[k, b, i] = (random.NextDouble() - 0.5) * 6;
        }

        output[0, 0, 0] = 0.4999; // either side of where the continuous Bernoulli's series ends, and its middle
        output[0, 0, 1] = -0.50002;
        output[0, 0, 2] = 0;
        double[,] target = new double[3, 5];
        foreach ((int b, int p) in from b in Enumerable.Range(0, 3) from p in Enumerable.Range(0, 5) select (b, p))
        {
            target[b, p] = random.NextDouble();
        }

        GradientCheck.OfOutput(likelihood, output, target);
    }

    [Theory]
    [InlineData("continuous_bernoulli", 1)]
    [InlineData("gaussian_pixel", 2)]
    [InlineData("laplace_pixel", 2)]
    public void Extreme_outputs_have_finite_values_gradients_means_and_draws(string name, int planes)
    {
        using DisposeScope scope = NewDisposeScope();
        using Likelihood likelihood = Build(name, TargetKind.Dequantized, pixels: 1);
        foreach (float location in new[] { -1e6f, -100, -1e-30f, 0, 1e-30f, 100, 1e6f })
        {
            foreach (float rawScale in new[] { -1e6f, 0, 1e6f })
            {
                float[] numbers = planes == 1 ? [location] : [location, rawScale];
                Tensor output = tensor(numbers).view(1, 1, planes).expand(1, 3, planes).clone().requires_grad_();
                Tensor value = likelihood.LogProbability(output, tensor(new[] { 0f, 0.4f, 1f }).view(3, 1));
                value.sum().backward();
                Tensor uniform = tensor(new[] { 0f, 0.5f, 1 - MathF.Pow(2, -24) }).view(1, 3, 1);

                Assert.True(value.isfinite().all().ToBoolean(), $"value at {location}, {rawScale}");
                Assert.True(output.grad!.isfinite().all().ToBoolean(), $"gradient at {location}, {rawScale}");
                Assert.True(likelihood.Mean(output).isfinite().all().ToBoolean(), $"mean at {location}, {rawScale}");
                Assert.True(likelihood.Sample(output, uniform).isfinite().all().ToBoolean(), $"draw at {location}, {rawScale}");
            }
        }
    }

    [Fact]
    public void A_density_refuses_targets_of_levels()
    {
        Assert.Throws<ArgumentException>(() => new ContinuousBernoulliLikelihood(1, TargetKind.Levels));
        Assert.Throws<ArgumentException>(() => new ContinuousBernoulliLikelihood(1, TargetKind.Binary));
    }

    private static (LikelihoodOracle Oracle, double From, double To) Oracle(
        string name, double[] output, TargetKind target = TargetKind.UnitInterval)
    {
        LikelihoodOracle oracle = new(Build(name, target, 1), output);
        double scale = name.EndsWith("_fixed", StringComparison.Ordinal) ? 0.3 : Math.Exp(Math.Min(1, output[^1])) * 1.5;
        return name == "continuous_bernoulli" ? (oracle, 0, 1) : (oracle, output[0] - (40 * scale), output[0] + (40 * scale));
    }

    private static DensityLikelihood Build(string name, TargetKind target, int pixels) => name switch
    {
        "continuous_bernoulli" => new ContinuousBernoulliLikelihood(pixels, target),
        "gaussian_fixed" => new GaussianLikelihood(pixels, target, new FixedScale(0.3)),
        "gaussian_pixel" => new GaussianLikelihood(pixels, target, new PixelwiseScale(LocationScaleLikelihood.MinimumLogScale)),
        "laplace_fixed" => new LaplaceLikelihood(pixels, target, new FixedScale(0.3)),
        "laplace_pixel" => new LaplaceLikelihood(pixels, target, new PixelwiseScale(LocationScaleLikelihood.MinimumLogScale)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
