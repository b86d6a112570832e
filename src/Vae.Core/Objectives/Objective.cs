namespace Vae.Core.Objectives;

/// <summary>What an objective makes of a batch.</summary>
/// <param name="Loss">What is minimized, in nats per image, [B]; its mean over the batch has the gradient.</param>
/// <param name="Terms">The terms it was made of, for the figures.</param>
internal sealed record ObjectiveValue(Tensor Loss, Terms Terms)
{
    /// <summary>
    /// Sums over the batch for <see cref="Figure.Common"/> and the model's own figures, one after another, [3 + …]; without gradients.
    /// </summary>
    public Tensor FigureSums()
    {
        using IDisposable noGradient = no_grad();
        List<Tensor> sums = [Loss.sum().view(1), Terms.Reconstruction().sum().view(1), Terms.Kl().sum().view(1), .. Terms.FigureSums];
        return cat(sums.ConvertAll(sum => sum.to_type(Loss.dtype)), 0);
    }
}

/// <summary>What an objective may know of the update besides the terms.</summary>
/// <param name="Step">The update, counted from 0.</param>
/// <param name="StepsPerEpoch">Updates in an epoch.</param>
/// <param name="TrainingImages">Images in an epoch.</param>
/// <param name="Noise">Where it draws from, with the step as the outer counter.</param>
internal sealed record ObjectiveContext(long Step, int StepsPerEpoch, long TrainingImages, RandomStream Noise)
{
    /// <summary>Draws from p(z), on the device and of the type of the example.</summary>
    /// <param name="prior">p(z).</param>
    /// <param name="count">N.</param>
    /// <param name="like">A tensor […, D] to be like.</param>
    /// <returns>[N, D].</returns>
    public Tensor DrawPrior(LatentDensity prior, long count, Tensor like)
    {
        Tensor normal = Engine.Noise.Normal(Noise, Step, 0, like.device, count, like.shape[^1]).to_type(like.dtype); // [N, D]
        Tensor uniform = Engine.Noise.Uniform(Noise, Step, 1, like.device, count).to_type(like.dtype);               // [N]
        return prior.Sample(normal, uniform, temperature: 1);
    }
}

/// <summary>
/// What training minimizes, as a value with the keys of its configuration: a function of the terms of the bound, never a model of its own.
/// It asks an <see cref="Inference"/> for the terms, so that an estimator may have them with other gradients, or twice.
/// </summary>
internal abstract record Objective
{
    internal static readonly Kind<Objective>[] Kinds =
    [
        Kind.Of<Objective, ElboObjective>("elbo", ElboObjective.Map),
        Kind.Of<Objective, FreeBitsObjective>("free_bits", FreeBitsObjective.Map),
        Kind.Of<Objective, CapacityObjective>("capacity", CapacityObjective.Map),
        Kind.Of<Objective, IwaeObjective>("iwae", IwaeObjective.Map),
        Kind.Of<Objective, BetaTcObjective>("beta_tc", BetaTcObjective.Map),
        Kind.Of<Objective, MmdObjective>("mmd", MmdObjective.Map),
    ];

    internal const int MostEpochs = 1_000_000;

    /// <summary>K, the posterior's draws for each image.</summary>
    public virtual int SamplesPerImage => 1;

    /// <summary>Whether latents are the posterior's means and nothing is drawn; the KL term then has no part in the loss.</summary>
    public virtual bool IsDeterministic => false;

    /// <summary>Whether the loss of an image depends on the other images of its batch.</summary>
    public virtual LossScope Scope => LossScope.PerImage;

    /// <summary>The loss as the executor for dense layers needs it; null for one that it cannot compute.</summary>
    internal virtual DenseLoss? DenseForm => null;

    /// <summary>The weight of the KL term at an update; 1 for objectives that have none.</summary>
    /// <param name="step">The update, counted from 0.</param>
    /// <param name="stepsPerEpoch">Updates in an epoch.</param>
    public virtual double BetaAt(long step, int stepsPerEpoch) => 1;

    /// <summary>The loss of a batch, with the penalties of its model.</summary>
    /// <param name="inference">The batch, encoded.</param>
    /// <param name="draws">The random draws of its latents; each pass has the same.</param>
    /// <param name="context">The update, and where to draw from.</param>
    public ObjectiveValue Evaluate(Inference inference, Draws draws, ObjectiveContext context)
    {
        ObjectiveValue value = Loss(inference, draws, context);
        return value.Terms.Penalty is { } penalty ? value with { Loss = value.Loss + penalty } : value;
    }

    /// <summary>
    /// The loss that the mean terms of a whole set amount to, in nats per image, for the figures of an evaluation. Parts of a loss that
    /// only a training batch has (several draws, a total correlation, a discrepancy) are not in it.
    /// </summary>
    /// <param name="reconstruction">Mean of E_q[log p(x|z)].</param>
    /// <param name="kl">Mean of KL(q‖p).</param>
    /// <param name="klPerDimension">The same for each latent dimension, [D]; empty where there is none.</param>
    /// <param name="step">The update, counted from 0.</param>
    /// <param name="stepsPerEpoch">Updates in an epoch.</param>
    public virtual double LossOf(double reconstruction, double kl, IReadOnlyList<double> klPerDimension, long step, int stepsPerEpoch) =>
        (BetaAt(step, stepsPerEpoch) * kl) - reconstruction;

    /// <summary>What makes the objective impossible for a model.</summary>
    internal virtual IEnumerable<ConfigurationError> Check(string path, ModelConfiguration model) => [];

    private protected static ConfigurationError NeedsGaussianPosterior(string path, string name) =>
        new($"{path}.kind", $"\"{name}\" looks at Gaussian posteriors over vectors, which this model does not have");

    /// <summary>The loss without the model's penalties.</summary>
    private protected abstract ObjectiveValue Loss(Inference inference, Draws draws, ObjectiveContext context);
}

/// <summary>
/// An objective with a weight β that is a pure function of the step, so that neither evaluating nor resuming can move it: constant, with a
/// linear warm-up (Bowman et al. 2016; Sønderby et al. 2016), or with the warm-up anew in each cycle (Fu et al. 2019).
/// </summary>
internal abstract record WeightedObjective : Objective
{
    /// <summary>The weight once warm-up is over.</summary>
    public double Beta { get; init; } = 1.0;

    /// <summary>Epochs over which the weight rises linearly from 0; 0 for none.</summary>
    public int WarmupEpochs { get; init; }

    /// <summary>Epochs after which the warm-up begins again; 0 for never.</summary>
    public int CycleEpochs { get; init; }
    public sealed override double BetaAt(long step, int stepsPerEpoch)
    {
        long warmup = (long)WarmupEpochs * stepsPerEpoch;
        long cycle = (long)CycleEpochs * stepsPerEpoch;
        long inCycle = cycle > 0 ? step % cycle : step;
        return inCycle >= warmup ? Beta : Beta * inCycle / warmup;
    }

    internal override IEnumerable<ConfigurationError> Check(string path, ModelConfiguration model)
    {
        if (CycleEpochs > 0 && (WarmupEpochs == 0 || WarmupEpochs > CycleEpochs))
        {
            yield return new(
                $"{path}.cycle_epochs",
                $"a cycle is a warm-up and what is left; with {CycleEpochs} here set objective.warmup_epochs to 1 to {CycleEpochs}, "
                + $"found {WarmupEpochs}");
        }
    }

    private protected static T MapWeight<T>(ConfigurationVisitor visitor, T value, string meaning)
        where T : WeightedObjective =>
        (T)((WeightedObjective)value with
        {
            Beta = visitor.Real("beta", value.Beta, Interval.NotNegative, meaning),
            WarmupEpochs = visitor.Integer(
                "warmup_epochs", value.WarmupEpochs, 0, MostEpochs, "epochs over which the weight rises linearly from 0; 0 for none"),
            CycleEpochs = visitor.Integer(
                "cycle_epochs", value.CycleEpochs, 0, MostEpochs, "epochs after which the warm-up begins again; 0 for never"),
        });
}

/// <summary>The losses that the executor for dense layers computes.</summary>
public enum DenseLoss
{
    /// <summary>β·KL − E_q[log p(x|z)].</summary>
    Elbo,

    /// <summary>The negative importance-weighted bound with its own gradient.</summary>
    ImportanceWeighted,

    /// <summary>The same with the doubly reparameterized gradient.</summary>
    DoublyReparameterized,
}
