namespace Vae.Core.Tests.Likelihoods;

public class OutputForMeanTests
{
    private static readonly float[] Means = [0.02f, 0.3f, 0.5f, 0.77f, 0.98f];

    public static TheoryData<string> Names =>
        ["bernoulli", "continuous_bernoulli", "gaussian", "gaussian_pixel", "laplace", "logistic", "logistic_pixel", "categorical"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_mean_is_the_mean_that_was_asked_for(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using Likelihood likelihood = Build(name, Means.Length);
        float[] output = likelihood.OutputForMean(Means);

        float[] actual = likelihood.Mean(tensor(output).view(1, output.Length)).view(-1).data<float>().ToArray();

        double margin = Margin(name);
        Assert.All(Enumerable.Range(0, Means.Length), p => Assert.Equal(Math.Clamp(Means[p], margin, 1 - margin), actual[p], 1e-3));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Black_and_white_have_finite_outputs(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using Likelihood likelihood = Build(name, 2);
        float[] output = likelihood.OutputForMean([0, 1]);

        float[] actual = likelihood.Mean(tensor(output).view(1, output.Length)).view(-1).data<float>().ToArray();

        Assert.All(output, value => Assert.True(float.IsFinite(value)));
        Assert.InRange(actual[0], 0, Margin(name) + 1e-3);
        Assert.InRange(actual[1], 1 - Margin(name) - 1e-3, 1);
    }

    [Fact]
    public void A_categorical_start_has_no_image_at_ten_times_the_nats_of_chance()
    {
        const double Chance = 5.55; // log 256
        using DisposeScope scope = NewDisposeScope();
        using CategoricalLikelihood likelihood = new(Means.Length);
        Tensor output = tensor(likelihood.OutputForMean(Means)).view(1, 1, -1);

        foreach (float level in new[] { 0, 0.5f, 1 })
        {
            double nats = -likelihood.LogProbability(output, full(1, Means.Length, level)).ToDouble() / Means.Length;
            Assert.InRange(nats, 0.1 * Chance, 3 * Chance);
        }
    }

    // A continuous Bernoulli with a mean near 0 has a logit of −1 / mean, too steep to start from; the categorical starts as one.
    private static double Margin(string name) => name switch
    {
        "continuous_bernoulli" => 0.05,
        "categorical" => ((0.05 * 256) - 0.5) / 255,
        _ => 0.001,
    };

    private static Likelihood Build(string name, int pixels) => name switch
    {
        "bernoulli" => new BernoulliLikelihood(pixels),
        "continuous_bernoulli" => new ContinuousBernoulliLikelihood(pixels, TargetKind.UnitInterval),
        "gaussian" => new GaussianLikelihood(pixels, TargetKind.UnitInterval, new AnalyticScale(-7)),
        "gaussian_pixel" => new GaussianLikelihood(pixels, TargetKind.UnitInterval, new PixelwiseScale(-7)),
        "laplace" => new LaplaceLikelihood(pixels, TargetKind.UnitInterval, new LearnedScale(-7)),
        "logistic" => new DiscretizedLogisticLikelihood(pixels, new LearnedScale(-9)),
        "logistic_pixel" => new DiscretizedLogisticLikelihood(pixels, new PixelwiseScale(-9)),
        "categorical" => new CategoricalLikelihood(pixels),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
