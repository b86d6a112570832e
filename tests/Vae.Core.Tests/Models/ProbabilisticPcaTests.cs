namespace Vae.Core.Tests.Models;

/// <summary>A linear-Gaussian model is probabilistic PCA, whose evidence is known: the oracle of all estimates of it.</summary>
public sealed class ProbabilisticPcaTests : IDisposable
{
    private readonly LinearGaussianModel _pca = new();

    public void Dispose() => _pca.Dispose();

    [Fact]
    public void Under_the_exact_posterior_every_importance_weight_is_the_evidence()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = LinearGaussianModel.Images(7);
        Terms terms = _pca.Model.Terms(images, SmallModel.Normal(1, 200, 7, LinearGaussianModel.Latent));

        Tensor error = terms.LogWeights() - LinearGaussianModel.Evidence(images); // [K, B]

        Assert.Equal([200L, 7L], error.shape);
        Assert.True(error.abs().max().ToDouble() < 1e-9, $"{error.abs().max().ToDouble()}");
    }

    [Fact]
    public void The_ELBO_and_the_KL_from_the_exact_posterior_add_up_to_the_evidence()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = LinearGaussianModel.Images(5);
        DiagonalGaussian exact = _pca.Model.Encode(images);
        DiagonalGaussian perturbed = _pca.Perturbed(images, mean: 0.4, logVariance: -0.7);

        // Expectations of quadratic functions of N(0, I) are exact over the points ±√D e_d.
        Tensor corners = cat([eye(2, dtype: ScalarType.Float64), -eye(2, dtype: ScalarType.Float64)]) * Math.Sqrt(2); // [4, D]
        Tensor noise = corners.unsqueeze(1).expand(4, 5, 2);
        Tensor elbo = _pca.Model.Terms(perturbed, images, noise).LogWeights().mean([0L]);
        Tensor variances = (perturbed.LogVariance - exact.LogVariance).exp();
        Tensor shifts = (perturbed.Mean - exact.Mean).square() / exact.LogVariance.exp();
        Tensor kl = 0.5 * (variances + shifts - 1 - variances.log()).sum(-1); // KL(q‖p(z|x)), [B]

        Assert.True((elbo + kl - LinearGaussianModel.Evidence(images)).abs().max().ToDouble() < 1e-9);
        Assert.True(kl.min().ToDouble() > 0.1, "the posterior should be a wrong one");
    }

    [Fact]
    public void Bounds_of_more_samples_are_tighter_and_none_passes_the_evidence()
    {
        using DisposeScope scope = NewDisposeScope();
        const int Repeats = 20_000;
        Tensor image = LinearGaussianModel.Images(1);
        DiagonalGaussian posterior = _pca.Perturbed(image, mean: 0.4, logVariance: 0.5);
        double evidence = LinearGaussianModel.Evidence(image).ToDouble();

        DrawnMean[] bounds = [.. new[] { 1, 5, 50 }.Select(samples =>
        {
            Tensor noise = SmallModel.Normal((ulong)samples, samples * (long)Repeats, 1, 2);
            Tensor weights = _pca.Model.Terms(posterior, image, noise).LogWeights().reshape(samples, Repeats);
            return DrawnMean.OfTensor(weights.logsumexp(0) - Math.Log(samples));
        })];

        for (int i = 1; i < bounds.Length; i++)
        {
            double error = Math.Sqrt(Math.Pow(bounds[i].StandardError, 2) + Math.Pow(bounds[i - 1].StandardError, 2));
            Assert.True(bounds[i].Mean > bounds[i - 1].Mean + (4 * error), $"{bounds[i - 1]} is not clearly below {bounds[i]}");
        }

        Assert.True(bounds[^1].Mean <= evidence + (4 * bounds[^1].StandardError), $"{bounds[^1]} passes {evidence}");
        Assert.Equal(evidence, bounds[^1].Mean, 0.1);
    }
}
