namespace Vae.Core.Tests.Likelihoods;

/// <summary>Likelihoods over 256 grey levels: the discretized logistic and the categorical.</summary>
public class LevelLikelihoodTests
{
    public static TheoryData<double, double> Logistics
    {
        get
        {
            TheoryData<double, double> data = [];
            foreach (double location in new[] { -30, -0.1, 0, 0.2, 0.5, 0.9981, 1.3, 40 })
            {
                foreach (double rawScale in new[] { -50, -8, -5, -2, 0.3, 20 })
                {
                    data.Add(location, rawScale);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Logistics))]
    public void The_logistics_levels_sum_to_one_and_their_mean_is_the_mean(double location, double rawScale)
    {
        LikelihoodOracle oracle = Logistic(location, rawScale);
        double[] probabilities = oracle.Levels();

        Assert.Equal(1, probabilities.Sum(), 1e-10);
        Assert.Equal(probabilities.Select((p, level) => p * level / 255).Sum(), oracle.Mean(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Logistics))]
    public void A_logistic_draw_is_the_first_level_with_so_much_mass(double location, double rawScale) =>
        AssertDrawsAreQuantiles(Logistic(location, rawScale));

    [Theory]
    [InlineData(0.4, -2.0)]
    [InlineData(0.97, -3.5)]
    public void The_logistic_is_a_difference_of_distribution_functions(double location, double rawScale)
    {
        double scale = Math.Exp(-9 + Softplus(rawScale + 9) - Softplus(rawScale - 1));
        double[] probabilities = Logistic(location, rawScale).Levels();
        for (int level = 0; level < 256; level++)
        {
            double below = level == 0 ? 0 : Sigmoid((((level - 0.5) / 255) - location) / scale);
            double upTo = level == 255 ? 1 : Sigmoid((((level + 0.5) / 255) - location) / scale);
            Assert.Equal(upTo - below, probabilities[level], 1e-12);
        }
    }

    [Fact]
    public void Far_out_the_logistics_logarithm_is_linear_where_the_difference_is_zero_in_any_float()
    {
        double scale = Math.Exp(-9 + Softplus(4) - Softplus(-6));
        LikelihoodOracle oracle = Logistic(0, -5);
        double[] logarithms = oracle.LogProbability(200 / 255.0, 201 / 255.0);

        Assert.True(logarithms[0] < -100);
        Assert.Equal(-1 / 255.0 / scale, logarithms[1] - logarithms[0], 1e-9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_logistics_gradients_are_those_of_central_differences(bool pixelwise)
    {
        PixelScale scale = pixelwise ? new PixelwiseScale(-9) : new LearnedScale(-9);
        using DiscretizedLogisticLikelihood likelihood = new(4, scale);
        likelihood.@double();
        double[] row = [0.1, 0.6, -0.2, 0.9, -3, -2, -4, 0.5];
        int outputs = 4 * likelihood.OutputsPerPixel;
        double[,,] output = new double[2, 2, outputs];
        for (int i = 0; i < 4 * outputs; i++)
        {
            output[i / (2 * outputs), i / outputs % 2, i % outputs] = row[i % outputs] + (0.03 * (i / outputs));
        }

        double[,] target = { { 0, 1, 30 / 255.0, 240 / 255.0 }, { 7 / 255.0, 0, 1, 254 / 255.0 } };

        GradientCheck.OfOutput(likelihood, output, target);
        if (!pixelwise)
        {
            GradientCheck.OfParameters(likelihood, output, target);
        }
    }

    [Fact]
    public void Extreme_logistic_outputs_have_finite_values_and_gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        using DiscretizedLogisticLikelihood likelihood = new(1, new PixelwiseScale(-9));
        foreach (float location in new[] { -1e6f, -1, 0, 0.5f, 2, 1e6f })
        {
            foreach (float rawScale in new[] { -1e6f, -9, 0, 1e6f })
            {
                Tensor output = tensor(new[] { location, rawScale }).view(1, 1, 2).expand(1, 4, 2).clone().requires_grad_();
                Tensor value = likelihood.LogProbability(output, tensor(new[] { 0f, 1 / 255f, 128 / 255f, 1f }).view(4, 1));
                value.sum().backward();

                Assert.True(value.isfinite().all().ToBoolean(), $"value at {location}, {rawScale}");
                Assert.True(output.grad!.isfinite().all().ToBoolean(), $"gradient at {location}, {rawScale}");
            }
        }
    }

    [Fact]
    public void In_float32_every_level_is_recognized()
    {
        using DisposeScope scope = NewDisposeScope();
        using DiscretizedLogisticLikelihood logistic = new(1, new PixelwiseScale(-9));
        using CategoricalLikelihood categorical = new(1);
        float[] levels = [.. Enumerable.Range(0, 256).Select(level => level / 255f)];
        Tensor target = tensor(levels).view(256, 1);
        Tensor logisticOutput = tensor(new[] { 0.5f, -1f }).view(1, 1, 2).expand(1, 256, 2);
        Tensor logits = tensor([.. Enumerable.Range(0, 256).Select(level => level / 64f)]).view(1, 1, 256).expand(1, 256, 256);

        Assert.Equal(1, logistic.LogProbability(logisticOutput, target).exp().sum().ToDouble(), 1e-5);
        float[] logarithms = categorical.LogProbability(logits, target).view(-1).data<float>().ToArray();
        Assert.All(Enumerable.Range(1, 255), level => Assert.Equal(1 / 64f, logarithms[level] - logarithms[level - 1], 1e-5));
    }

    [Fact]
    public void Categorical_levels_are_a_softmax_with_its_mean_and_its_draws()
    {
        double[] logits = Logits();
        LikelihoodOracle oracle = new(new CategoricalLikelihood(1), logits);
        double sum = logits.Sum(Math.Exp);
        double[] probabilities = oracle.Levels();

        Assert.Equal(1, probabilities.Sum(), 1e-12);
        Assert.All(Enumerable.Range(0, 256), level => Assert.Equal(Math.Exp(logits[level]) / sum, probabilities[level], 1e-13));
        Assert.Equal(probabilities.Select((p, level) => p * level / 255).Sum(), oracle.Mean(), 1e-12);
        AssertDrawsAreQuantiles(oracle);
    }

    [Fact]
    public void Categorical_logits_lie_plane_by_plane()
    {
        using DisposeScope scope = NewDisposeScope();
        using CategoricalLikelihood likelihood = new(2);
        double[] first = Logits();
        double[] second = [.. first.Reverse()];
        Tensor output = tensor(first.Zip(second).SelectMany(pair => new[] { pair.First, pair.Second }).ToArray()).view(1, 1, 512);

        double value = likelihood.LogProbability(output, tensor(new[] { 20 / 255.0, 200 / 255.0 }).view(1, 2)).ToDouble();

        double expected = new LikelihoodOracle(new CategoricalLikelihood(1), first).LogProbability(20 / 255.0)[0]
            + new LikelihoodOracle(new CategoricalLikelihood(1), second).LogProbability(200 / 255.0)[0];
        Assert.Equal(expected, value, 1e-12);
    }

    [Fact]
    public void Categorical_gradients_are_those_of_central_differences_and_extreme_logits_stay_finite()
    {
        using DisposeScope scope = NewDisposeScope();
        using CategoricalLikelihood likelihood = new(1);
        double[] logits = Logits();
        double[,,] output = new double[1, 2, 256];
        for (int i = 0; i < 512; i++)
        {
            output[0, i / 256, i % 256] = logits[(i * 7) % 256];
        }

        GradientCheck.OfOutput(likelihood, output, new[,] { { 0.0 }, { 77 / 255.0 } });

        Tensor extreme = (tensor(logits.Select(logit => (float)logit).ToArray()) * 1e6f).view(1, 1, 256).requires_grad_();
        Tensor value = likelihood.LogProbability(extreme, tensor(new[] { 3 / 255f }).view(1, 1));
        value.sum().backward();
        Assert.True(value.isfinite().all().ToBoolean() && extreme.grad!.isfinite().all().ToBoolean());
    }

    private static double[] Logits()
    {
        Random random = new(9);
        return [.. Enumerable.Range(0, 256).Select(_ => (random.NextDouble() - 0.5) * 8)];
    }

    private static void AssertDrawsAreQuantiles(LikelihoodOracle oracle)
    {
        double[] probabilities = oracle.Levels();
        double[] uniform = [1e-4, 0.03, 0.25, 0.5, 0.77, 0.99];
        double[] drawn = oracle.Sample(uniform);
        for (int i = 0; i < uniform.Length; i++)
        {
            int level = (int)Math.Round(drawn[i] * 255);
            Assert.Equal(level / 255.0, drawn[i], 1e-12);
            Assert.True(probabilities.Take(level).Sum() <= uniform[i] + 1e-9, $"too far at {uniform[i]}");
            Assert.True(probabilities.Take(level + 1).Sum() >= uniform[i] - 1e-9, $"not far enough at {uniform[i]}");
        }
    }

    private static LikelihoodOracle Logistic(double location, double rawScale) =>
        new(new DiscretizedLogisticLikelihood(1, new PixelwiseScale(DiscretizedLogisticLikelihood.MinimumLogScale)), location, rawScale);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
