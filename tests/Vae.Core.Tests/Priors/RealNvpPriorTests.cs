namespace Vae.Core.Tests.Priors;

public sealed class RealNvpPriorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void It_begins_as_the_standard_normal()
    {
        using RealNvpPrior prior = new(3, 4, [8], CPU);
        Tensor z = SmallModel.Normal(1, 2, 5, 3);
        Tensor difference = prior.At(null).LogProbability(z) - new StandardNormalDensity().LogProbability(z); // [2, 5]
        Assert.Equal([2L, 5L], difference.shape);
        Assert.True(difference.abs().max().ToDouble() < 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void The_density_integrates_to_one(int couplings)
    {
        using RealNvpPrior prior = Bent(2, couplings);
        const int Points = 601;
        const double End = 15;
        double step = 2 * End / (Points - 1);
        using IDisposable noGradient = no_grad();
        Tensor axis = linspace(-End, End, Points, ScalarType.Float64);
        Tensor grid = stack([axis.repeat_interleave(Points), axis.repeat(Points)], 1); // [Points², 2]
        double mass = prior.At(null).LogProbability(grid).exp().sum().ToDouble() * step * step;
        Assert.Equal(1, mass, 1e-3);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 5)]
    [InlineData(5, 4)]
    public void A_sample_leads_back_to_its_noise(int dimension, int couplings)
    {
        using RealNvpPrior prior = Bent(dimension, couplings);
        using IDisposable noGradient = no_grad();
        RealNvpDensity density = (RealNvpDensity)prior.At(null);
        Tensor noise = SmallModel.Normal(4, 50, dimension);
        Tensor z = density.Sample(noise, zeros(50), temperature: 1);
        Tensor back = density.Couplings.Aggregate(z, (values, coupling) => coupling.ToNormal(values).U);
        Assert.True((back - noise).abs().max().ToDouble() < 1e-9);
        Assert.True((z - noise).abs().max().ToDouble() > 0.1, "the flow should bend");
    }

    [Fact]
    public void Samples_have_the_density_that_it_tells()
    {
        using RealNvpPrior prior = Bent(2, 4);
        using IDisposable noGradient = no_grad();
        LatentDensity density = prior.At(null);
        Tensor z = density.Sample(SmallModel.Normal(8, 100_000, 2), zeros(100_000), temperature: 1);

        // E_p[q(z)/p(z)] is 1 for any density q, here a narrow one, whose ratio to p stays small.
        const double Width = 0.3;
        Tensor narrow = new StandardNormalDensity().LogProbability(z / Width) - (2 * Math.Log(Width));
        DrawnMean.OfTensor((narrow - density.LogProbability(z)).exp()).AssertIs(1);
    }

    [Fact]
    public void The_gradient_is_that_of_central_differences()
    {
        using RealNvpPrior prior = Bent(3, 3);
        Tensor z = SmallModel.Normal(2, 4, 3);
        CentralDifferences.AssertGradients(prior, () => prior.At(null).LogProbability(z).sum());
    }

    [Fact]
    public void The_gradient_with_respect_to_the_latents_is_that_of_central_differences()
    {
        using RealNvpPrior prior = Bent(2, 3);
        Tensor z = SmallModel.Normal(3, 1, 2).requires_grad_();
        prior.At(null).LogProbability(z).sum().backward();
        using IDisposable noGradient = no_grad();
        for (int d = 0; d < 2; d++)
        {
            Tensor shift = zeros_like(z);
            shift[0, d] = 1e-5;
            double expected = (prior.At(null).LogProbability(z + shift) - prior.At(null).LogProbability(z - shift)).ToDouble() / 2e-5;
            Assert.Equal(expected, z.grad![0, d].ToDouble(), 1e-6);
        }
    }

    // With weights and gains of some size, in float64.
    private static RealNvpPrior Bent(int dimension, int couplings)
    {
        RealNvpPrior prior = new RealNvpPrior(dimension, couplings, [6], CPU).to(ScalarType.Float64);
        using IDisposable noGradient = no_grad();
        ulong seed = 10;
        foreach (Parameter parameter in prior.parameters())
        {
            parameter.copy_(SmallModel.Normal(seed++, parameter.shape) * 0.6);
        }

        return prior;
    }
}
