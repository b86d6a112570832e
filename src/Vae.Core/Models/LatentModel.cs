namespace Vae.Core.Models;

/// <summary>
/// A model with latent variables: what all families have in common, and all that objectives, executors, evaluation and verbs may ask. A
/// family (a Gaussian VAE, a quantized one, …) is one class with its <see cref="Inference"/>.
/// </summary>
internal abstract class LatentModel(string name) : nn.Module(name)
{
    /// <summary>p(x|z) on the decoder's output.</summary>
    public abstract Likelihood Likelihood { get; }

    /// <summary>The network of p(x|z).</summary>
    public abstract LikelihoodDecoder Decoder { get; }

    /// <summary>D, the numbers of an example's latents.</summary>
    public abstract int Latent { get; }

    /// <summary>Trainable numbers.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The model's own figures beside loss, reconstruction and KL; their sums come with the terms.</summary>
    public virtual IReadOnlyList<Figure> Figures => [];

    /// <summary>Whether the loss of an image depends on the other images of its batch.</summary>
    public virtual LossScope Scope => Likelihood.Scope;

    /// <summary>Whether the KL is in closed form. By draws it is a small difference of large sums: in float32 three digits.</summary>
    public virtual bool HasClosedFormKl => false;

    /// <summary>Whether posteriors are Gaussians with diagonal covariance, so that an <see cref="Inference"/> has them.</summary>
    public virtual bool HasGaussianPosterior => false;

    /// <summary>What `encode` keeps of an image, in the order of <see cref="Inference.Codes"/>.</summary>
    public abstract IReadOnlyList<Code> Codes { get; }

    /// <summary>Whether the model is told what is known of the images.</summary>
    public virtual bool IsConditional => false;

    /// <summary>Why latents cannot be moved along lines and axes; null where they can.</summary>
    public virtual string? NoPathsBecause => null;

    /// <summary>The model as the executor for dense layers needs it; null where it is made of others.</summary>
    internal virtual DenseForm? DenseForm => null;

    /// <summary>Makes a model of the same layers, with weights of its own; null where nothing is known of that.</summary>
    internal Func<LatentModel>? BuildAnother { get; set; }

    /// <summary>q(z|x), and all else that is worked out of a batch once but for what is given.</summary>
    public abstract Inference Infer(Batch batch, Given? given = null);

    /// <summary>p(z) under the parameters of this moment, where all images have the same; else null.</summary>
    public virtual LatentDensity? SharedPrior() => null;

    /// <summary>The likelihood's parameters for latents.</summary>
    /// <param name="latents">[…, D].</param>
    /// <param name="condition">What is known of the images; null for nothing.</param>
    /// <returns>[…, P·OutputsPerPixel].</returns>
    public virtual Tensor Decode(Tensor latents, Condition? condition = null)
    {
        Tensor output = Decoder.forward(latents.reshape([-1, .. DecoderInput])); // [N, P·OutputsPerPixel]
        return output.reshape([.. latents.shape[..^1], output.shape[1]]);        // [..., P·OutputsPerPixel]
    }

    /// <summary>Latents drawn from p(z).</summary>
    /// <param name="seed">All draws derive from it.</param>
    /// <param name="numbers">Numbers of the draws, each of which is the same whatever the others.</param>
    /// <param name="temperature">Factor on the prior's spread; 1 is the prior itself.</param>
    /// <param name="density">A density to draw from in place of the prior; null for the prior.</param>
    /// <returns>[N, D].</returns>
    public abstract Tensor SampleLatents(ulong seed, int[] numbers, double temperature = 1, LatentDensity? density = null);

    /// <summary>Called after each update, never in an evaluation, for what gradients do not learn; who uses it is PerBatch.</summary>
    /// <param name="statistics">What the batch's terms had for it.</param>
    /// <param name="step">The update, counted from 0.</param>
    public virtual void AfterStep(IReadOnlyList<Tensor> statistics, long step)
    {
    }

    /// <summary>The shape of an example's latents as the decoder takes them.</summary>
    private protected virtual long[] DecoderInput => [Latent];

    /// <summary>What the model is to know of a batch; null where it is told nothing.</summary>
    private protected Condition? Condition(Batch batch) => IsConditional ? batch.Condition : null;
}

/// <summary>Numbers that a model keeps of an image.</summary>
/// <param name="Name">Of the array.</param>
/// <param name="Length">How many.</param>
/// <param name="IsInteger">Whether they are int64 and not float32.</param>
internal sealed record Code(string Name, int Length, bool IsInteger = false);

/// <summary>What an <see cref="Inference"/> is given, in place of what the model would work out.</summary>
internal sealed record Given
{
    /// <summary>How log p(x|z) is computed.</summary>
    public LikelihoodScore Score { get; init; } = LikelihoodScore.Plain;

    /// <summary>p(z), from <see cref="LatentModel.SharedPrior"/>, which costs once for many batches; null for that of the moment.</summary>
    public LatentDensity? Prior { get; init; }

    /// <summary>q(z|x), over [B, D]; null for the encoder's.</summary>
    public DiagonalGaussian? Posterior { get; init; }
}

/// <summary>What a model has worked out of a batch before anything is drawn: terms can be had as often and however wanted.</summary>
internal abstract class Inference
{
    /// <summary>The posteriors where they are Gaussians with diagonal covariance, over [B, D]; else null.</summary>
    public virtual DiagonalGaussian? Posterior => null;

    /// <summary>The latents without noise, [B, D].</summary>
    public abstract Tensor MeanLatents { get; }

    /// <summary>What <see cref="LatentModel.Codes"/> names, [B, Length] each.</summary>
    public abstract IReadOnlyList<Tensor> Codes();

    /// <summary>The terms of the evidence lower bound by draws of the latents, without a request reparameterized plainly.</summary>
    public abstract Terms Terms(Draws draws, TermsRequest? request = null);

    /// <summary>Some of the batch's images.</summary>
    public abstract Inference Narrow(int start, int count);
}

/// <summary>How the terms of a bound are to be computed. The default is the plain reparameterized estimator.</summary>
internal sealed record TermsRequest
{
    /// <summary>The latents are the posterior's means and no draws, as in a deterministic autoencoder.</summary>
    public bool PosteriorMeans { get; init; }

    /// <summary>The posterior's parameters carry no gradient into log q(z|x); only the path through z remains.</summary>
    public bool StopPosteriorGradient { get; init; }

    /// <summary>Factors [K, B] on the gradient from the terms into the draws z (and so the encoder); the values do not change.</summary>
    public Tensor? LatentGradientScale { get; init; }
}

/// <summary>How log p(x|z) is computed from the decoder's output; an executor may know a faster way than the likelihood's own.</summary>
internal class LikelihoodScore
{
    /// <summary>As the likelihood has it, in the type of the networks.</summary>
    public static LikelihoodScore Plain { get; } = new();

    /// <summary>The type of all that comes from the latents and goes into a loss; null for that of the networks.</summary>
    public virtual ScalarType? Type => null;

    /// <summary>log p(x|z) in nats, [K, B], for tensors as <see cref="Likelihood.LogProbability"/> has them.</summary>
    public virtual Tensor LogProbability(Likelihood likelihood, Tensor output, Tensor target) => likelihood.LogProbability(output, target);

    /// <summary>A tensor in the score's type.</summary>
    public Tensor Typed(Tensor values) => Type is { } type ? values.to_type(type) : values;
}
