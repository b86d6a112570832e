using Vae.Core.Distributions;
using Vae.Core.Likelihoods;
using Vae.Core.Networks;
using Vae.Core.Priors;

namespace Vae.Core.Models;

/// <summary>
/// The variational autoencoder of Kingma and Welling 2014: encoder q(z|x), prior p(z), decoder and likelihood p(x|z).
/// Objectives are no part of it; they weigh the <see cref="ElboTerms"/> it gives.
/// </summary>
public sealed class VariationalAutoencoder : nn.Module
{
    [ComponentName(Name = "encoder")]
    private readonly GaussianEncoder _encoder;

    [ComponentName(Name = "decoder")]
    private readonly LikelihoodDecoder _decoder;

    [ComponentName(Name = "prior")]
    private readonly Prior _prior;

    [ComponentName(Name = "likelihood")]
    private readonly Likelihood _likelihood;

    /// <summary>Joins the four parts and registers their parameters as encoder.…, decoder.…, prior.…, likelihood.….</summary>
    public VariationalAutoencoder(GaussianEncoder encoder, LikelihoodDecoder decoder, Prior prior, Likelihood likelihood)
        : base("vae")
    {
        _encoder = encoder;
        _decoder = decoder;
        _prior = prior;
        _likelihood = likelihood;
        RegisterComponents();
    }

    /// <summary>The network of q(z|x).</summary>
    internal GaussianEncoder Encoder => _encoder;

    /// <summary>The network of p(x|z).</summary>
    public LikelihoodDecoder Decoder => _decoder;

    /// <summary>p(z).</summary>
    public Prior Prior => _prior;

    /// <summary>p(x|z) on the decoder's output.</summary>
    public Likelihood Likelihood => _likelihood;

    /// <summary>D, the number of latent dimensions.</summary>
    public int Latent => Prior.Dimension;

    /// <summary>Makes a model of the same layers, with weights of its own; null where nothing is known of that.</summary>
    internal Func<VariationalAutoencoder>? BuildAnother { get; init; }

    /// <summary>Trainable numbers.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>q(z|x).</summary>
    /// <param name="input">Images, [B, P].</param>
    /// <returns>Gaussians over [B, D].</returns>
    public DiagonalGaussian Encode(Tensor input) => _encoder.forward(input);

    /// <summary>The likelihood's parameters for latents.</summary>
    /// <param name="latents">[…, D].</param>
    /// <returns>[…, P·OutputsPerPixel].</returns>
    public Tensor Decode(Tensor latents)
    {
        long[] shape = latents.shape;
        Tensor output = _decoder.forward(latents.reshape(-1, Latent)); // [N, outputs]
        return output.reshape([.. shape[..^1], output.shape[1]]);      // [..., outputs]
    }

    /// <summary>The terms of the evidence lower bound with reparameterized draws.</summary>
    /// <param name="input">What the encoder sees, [B, P].</param>
    /// <param name="target">What the likelihood scores, [B, P].</param>
    /// <param name="noise">Draws of N(0, I), [K, B, D].</param>
    /// <param name="request">How; null for the plain estimator.</param>
    public ElboTerms Terms(Tensor input, Tensor target, Tensor noise, TermsRequest? request = null) =>
        Terms(Encode(input), Prior.Density(), target, noise, request);

    /// <summary>
    /// The terms for one batch as often and in whatever way they are asked for: the images, and a prior's pseudo-inputs, are encoded once, now.
    /// </summary>
    /// <param name="input">What the encoder sees, [B, P].</param>
    /// <param name="target">What the likelihood scores, [B, P].</param>
    /// <param name="noise">Draws of N(0, I), [K, B, D].</param>
    public Func<TermsRequest, ElboTerms> TermsOf(Tensor input, Tensor target, Tensor noise)
    {
        DiagonalGaussian posterior = Encode(input);
        LatentDensity prior = Prior.Density();
        return request => Terms(posterior, prior, target, noise, request);
    }

    /// <summary>The terms of the evidence lower bound for posteriors and a prior already known.</summary>
    /// <param name="posterior">q(z|x), [B, D].</param>
    /// <param name="prior">p(z).</param>
    /// <param name="target">What the likelihood scores, [B, P].</param>
    /// <param name="noise">Draws of N(0, I), [K, B, D].</param>
    /// <param name="request">How; null for the plain estimator.</param>
    public ElboTerms Terms(DiagonalGaussian posterior, LatentDensity prior, Tensor target, Tensor noise, TermsRequest? request = null) =>
        Terms(posterior, prior, noise, latents => Likelihood.LogProbability(Decode(latents), target), request);

    /// <summary>The terms of the evidence lower bound with a likelihood that is computed elsewhere.</summary>
    /// <param name="posterior">q(z|x), [B, D].</param>
    /// <param name="prior">p(z).</param>
    /// <param name="noise">Draws of N(0, I), [K, B, D].</param>
    /// <param name="logLikelihood">From latents [K, B, D] to log p(x|z), [K, B].</param>
    /// <param name="request">How; null for the plain estimator.</param>
    internal static ElboTerms Terms(
        DiagonalGaussian posterior, LatentDensity prior, Tensor noise, Func<Tensor, Tensor> logLikelihood, TermsRequest? request)
    {
        Tensor latents = request is { PosteriorMeans: true } ? posterior.Mean.expand_as(noise) : posterior.Reparameterize(noise); // [K, B, D]
        if (request?.LatentGradientScale is { } scale)
        {
            Tensor value = latents.detach();
            latents = value + (scale.unsqueeze(-1) * (latents - value)); // the same value, its gradient scaled
        }

        return new ElboTerms
        {
            Posterior = request is { StopPosteriorGradient: true } ? posterior.Detach() : posterior,
            Prior = prior,
            Latents = latents,
            LogLikelihood = logLikelihood(latents),
        };
    }
}
