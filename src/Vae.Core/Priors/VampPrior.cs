namespace Vae.Core.Priors;

/// <summary>Where the pseudo-inputs of a VampPrior start.</summary>
internal enum PseudoInputStart
{
    /// <summary>At training images.</summary>
    Images,

    /// <summary>At the mean of the training images.</summary>
    Mean,
}

/// <summary>The mixture of posteriors at learned pseudo-inputs (Tomczak and Welling 2018).</summary>
internal sealed record VampPriorConfiguration : PriorConfiguration
{
    /// <summary>Pseudo-inputs, each a component of the mixture.</summary>
    public int PseudoInputs { get; init; } = 500;

    /// <summary>Where they start.</summary>
    public PseudoInputStart Start { get; init; } = PseudoInputStart.Images;

    /// <summary>Standard deviation of the noise that is added to them at the start, on the scale of pixels in [0, 1].</summary>
    public double StartNoise { get; init; } = 0.01;

    internal static VampPriorConfiguration Map(ConfigurationVisitor visitor, VampPriorConfiguration value) => value with
    {
        PseudoInputs = visitor.Integer("pseudo_inputs", value.PseudoInputs, 1, MostComponents, "each is a component of the mixture"),
        Start = visitor.Choice("start", value.Start, "where they start: at training images or at their mean"),
        StartNoise = visitor.Real(
            "start_noise",
            value.StartNoise,
            Interval.NotNegative,
            "standard deviation of the noise added at the start; pixels are in [0, 1]"),
    };

    public override Prior Build(PriorContext context) => new VampPrior(
        context.Latent,
        context.IsOutline
            ? empty(PseudoInputs, context.Pixels, device: context.Device)
            : tensor(FirstInputs(context), [PseudoInputs, context.Pixels]),
        context.Encode);

    // [C, P]; zeros where a checkpoint will overwrite them.
    private float[] FirstInputs(PriorContext context)
    {
        float[] values = new float[(long)PseudoInputs * context.Pixels];
        if (context.Training is { } training)
        {
            context.Stream.Normal(0, 0, values);
            float[]? mean = Start == PseudoInputStart.Mean ? training.MeanPixel() : null;
            int[] order = BatchOrder.Permutation((ulong)context.Seed, 0, training.Count); // epochs, which have the others, count from 1
            for (int component = 0; component < PseudoInputs; component++)
            {
                float[] start = mean ?? Array.ConvertAll(training.Image(order[component % order.Length]).ToArray(), value => value / 255f);
                AddTo(start, values.AsSpan(component * context.Pixels, context.Pixels), (float)StartNoise);
            }
        }

        return values;
    }

    // What the noise takes out of [0, 1] is reflected into it: beyond, a pseudo-pixel has no gradient and would stay where it is.
    private static void AddTo(float[] start, Span<float> noise, float deviation)
    {
        for (int p = 0; p < noise.Length; p++)
        {
            float value = MathF.Abs(start[p] + (deviation * noise[p]));
            noise[p] = Math.Clamp(value > 1 ? 2 - value : value, 0, 1);
        }
    }
}

/// <summary>
/// The variational mixture of posteriors (Tomczak and Welling 2018, equation 9): p(z) = (1/C) Σ q(z|u_c), over pseudo-inputs u_c that are
/// learned with the model. They are held to [0, 1], the range of pixels, by clipping as the paper's code does (hard tanh); a pseudo-pixel
/// beyond it has no gradient. Parameter: pseudo_inputs [C, P].
/// </summary>
internal sealed class VampPrior : Prior
{
    private readonly Func<Tensor, DiagonalGaussian> _encode;

    [ComponentName(Name = "pseudo_inputs")]
    private readonly Parameter _pseudoInputs;

    /// <summary>Creates the prior.</summary>
    /// <param name="dimension">D, the number of latent dimensions.</param>
    /// <param name="pseudoInputs">Where the pseudo-inputs start, [C, P]; taken over.</param>
    /// <param name="encode">
    /// The model's own encoder. Its parameters stay the model's; the density's gradient flows into them as well.
    /// </param>
    public VampPrior(int dimension, Tensor pseudoInputs, Func<Tensor, DiagonalGaussian> encode)
        : base(dimension)
    {
        _encode = encode;
        _pseudoInputs = nn.Parameter(pseudoInputs);
        RegisterComponents();
    }

    internal override DensePrior? DenseForm => new(_pseudoInputs);

    /// <summary>Encodes the pseudo-inputs: once a step or evaluation.</summary>
    public override LatentDensity At(Condition? condition)
    {
        DiagonalGaussian posteriors = _encode(_pseudoInputs.clamp(0, 1)); // [C, D]
        long count = posteriors.Mean.shape[0];
        Tensor logWeights = full([count], -Math.Log(count), posteriors.Mean.dtype, posteriors.Mean.device);
        return new GaussianMixtureDensity(logWeights, posteriors.Mean, posteriors.LogVariance);
    }
}
