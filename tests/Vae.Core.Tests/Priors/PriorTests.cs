namespace Vae.Core.Tests.Priors;

public class PriorTests
{
    [Theory]
    [InlineData("standard_normal")]
    [InlineData("mixture", "prior.log_variances", "prior.logits", "prior.means")]
    [InlineData("vamp", "prior.pseudo_inputs")]
    public void The_parameters_of_a_prior_stand_under_its_name_once(string prior, params string[] names)
    {
        using SmallModel small = new(prior);

        string[] state = [.. small.Model.state_dict().Keys];

        Assert.Equal(names, state.Where(name => name.StartsWith("prior.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(10, state.Length - names.Length); // weights and biases: three layers of the encoder, two of the decoder
        Assert.Equal(state.Length, small.Model.named_parameters().Count());
    }

    [Fact]
    public void A_mixture_starts_with_equal_weights_and_unit_variances_at_the_given_means()
    {
        using DisposeScope scope = NewDisposeScope();
        using MixturePrior prior = new(tensor(new[] { -1f, 2, 0, 3 }, [2, 2]));

        GaussianMixtureDensity density = Assert.IsType<GaussianMixtureDensity>(prior.At(null));

        Assert.Equal([0.5f, 0.5f], density.LogWeights.exp().data<float>().ToArray());
        Assert.Equal([-1f, 2, 0, 3], density.Means.flatten().data<float>().ToArray());
        Assert.Equal([0f, 0, 0, 0], density.LogVariances.flatten().data<float>().ToArray());
    }

    [Fact]
    public void The_density_of_a_VampPrior_is_the_mean_of_the_posteriors_at_its_pseudo_inputs()
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallModel small = new("vamp");
        Tensor z = SmallModel.Normal(1, 6, 2);
        DiagonalGaussian posteriors = small.Model.Encode(small.Model.state_dict()["prior.pseudo_inputs"]); // [4, D]

        double[] expected = posteriors.LogProbability(z.unsqueeze(1)).exp().mean([1L]).log().data<double>().ToArray();

        double[] actual = small.Model.Prior.At(null).LogProbability(z).data<double>().ToArray();
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(expected[i], actual[i], 12));
    }

    [Fact]
    public void Pseudo_inputs_beyond_the_range_of_pixels_are_clipped_to_it()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using SmallModel small = new("vamp");
        Tensor parameter = small.Model.state_dict()["prior.pseudo_inputs"];
        parameter.fill_(-0.5);
        double below = small.Model.Prior.At(null).LogProbability(zeros(1, 2, ScalarType.Float64)).ToDouble();
        parameter.fill_(0);
        double at = small.Model.Prior.At(null).LogProbability(zeros(1, 2, ScalarType.Float64)).ToDouble();

        Assert.Equal(at, below);
    }

    [Theory]
    [InlineData("mixture")]
    [InlineData("vamp")]
    public void The_gradient_of_the_density_is_that_of_central_differences_into_the_encoder_too(string prior)
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallModel small = new(prior);
        Tensor z = SmallModel.Normal(2, 3, 2);

        CentralDifferences.AssertGradients(small.Model, () => small.Model.Prior.At(null).LogProbability(z).sum());
        bool encoderLearns = small.Model.named_parameters().Any(
            pair => pair.name.StartsWith("encoder.", StringComparison.Ordinal)
                && pair.parameter.grad is { } gradient && gradient.abs().max().ToDouble() > 0);
        Assert.Equal(prior == "vamp", encoderLearns);
    }
}
