namespace Vae.Core.Objectives;

/// <summary>The kernel of a maximum mean discrepancy.</summary>
public enum MmdKernel
{
    /// <summary>The inverse multiquadratic C / (C + ‖a − b‖²), whose tails reach far (Tolstikhin et al. 2018).</summary>
    Imq,

    /// <summary>The radial basis function exp(−‖a − b‖² / C), a Gaussian.</summary>
    Rbf,
}

/// <summary>
/// InfoVAE and WAE-MMD (Zhao et al. 2017, equation 6; Tolstikhin et al. 2018): −E_q[log p(x|z)] + a·KL(q‖p) + b·MMD²(q(z), p(z)), where
/// q(z) is the aggregate posterior. In InfoVAE's letters a = 1 − α and b = α + λ − 1; a = 0 is the MMD-VAE and the stochastic WAE. The
/// discrepancy is the unbiased estimate over the batch's draws and as many of the prior. To a learned prior it gives a gradient by its
/// draws, which the weights of a mixture have none of.
/// </summary>
internal sealed record MmdObjective : Objective
{
    /// <summary>a, the weight of the KL term.</summary>
    public double KlWeight { get; init; }

    /// <summary>b, the weight of the discrepancy, which is at most 2 where reconstructions are hundreds of nats.</summary>
    public double MmdWeight { get; init; } = 1000;

    /// <summary>The kernel.</summary>
    public MmdKernel Kernel { get; init; } = MmdKernel.Imq;

    /// <summary>s; the kernel's C is 2·D·s², which for s = 1 is the mean squared distance of two draws of N(0, I).</summary>
    public double Bandwidth { get; init; } = 1;

    public override LossScope Scope => LossScope.PerBatch;

    public override double BetaAt(long step, int stepsPerEpoch) => KlWeight;

    internal static MmdObjective Map(ConfigurationVisitor visitor, MmdObjective value) => value with
    {
        KlWeight = visitor.Real("kl_weight", value.KlWeight, Interval.NotNegative, "weight of the KL term"),
        MmdWeight = visitor.Real("mmd_weight", value.MmdWeight, Interval.NotNegative, "weight of the discrepancy from the prior"),
        Kernel = visitor.Choice("kernel", value.Kernel, "inverse multiquadratic or Gaussian"),
        Bandwidth = visitor.Real("bandwidth", value.Bandwidth, Interval.Positive, "the kernel's width; 1 suits a prior of unit variance"),
    };

    internal override IEnumerable<ConfigurationError> Check(string path, ModelConfiguration model) =>
        model.HasGaussianPosterior ? [] : [NeedsGaussianPosterior(path, "mmd")];

    private protected override ObjectiveValue Loss(Inference inference, Draws draws, ObjectiveContext context)
    {
        Terms terms = inference.Terms(draws);
        Tensor latents = terms.Latents[0].Z[0]; // [B, D]
        Tensor discrepancy = SquaredDiscrepancy(latents, context.DrawPrior(terms.Latents[0].Prior!, latents.shape[0], latents));
        Tensor loss = (MmdWeight * discrepancy) - terms.Reconstruction(); // the batch's discrepancy, the same for each of its images
        return new ObjectiveValue(KlWeight == 0 ? loss : loss + (KlWeight * terms.Kl()), terms);
    }

    /// <summary>The unbiased estimate of MMD² between the distributions of two samples; for a single pair only its mixed term.</summary>
    /// <param name="first">[N, D].</param>
    /// <param name="second">[N, D].</param>
    /// <returns>A scalar, which may be below zero.</returns>
    public Tensor SquaredDiscrepancy(Tensor first, Tensor second)
    {
        long count = first.shape[0];
        double pairs = Math.Max(1, count * (count - 1)); // without each draw's kernel with itself, which is 1
        Tensor within = (KernelSum(first, first) - count + KernelSum(second, second) - count) / pairs;
        return within - (KernelSum(first, second) * (2.0 / (count * count)));
    }

    private Tensor KernelSum(Tensor first, Tensor second)
    {
        double scale = 2 * first.shape[1] * Bandwidth * Bandwidth; // C
        Tensor squares = first.square().sum(-1).unsqueeze(1) + second.square().sum(-1) - (2 * first.matmul(second.t())); // [N, N]
        Tensor distances = squares.clamp_min(0); // rounding may leave a little below
        return Kernel == MmdKernel.Rbf ? (-distances / scale).exp().sum() : (scale / (distances + scale)).sum();
    }
}
