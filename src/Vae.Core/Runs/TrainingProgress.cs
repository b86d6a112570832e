using System.Collections.ObjectModel;

namespace Vae.Core.Runs;

/// <summary>
/// Where a run stands: with the weights, the optimizer's state and the configuration, all that is needed to continue it bit for bit.
/// </summary>
internal sealed record TrainingProgress
{
    /// <summary>Whole epochs done.</summary>
    public int Epoch { get; init; }

    /// <summary>Updates done since the run began.</summary>
    public long Step { get; init; }

    /// <summary>Updates done in the epoch under way.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>Images seen in the epoch under way.</summary>
    public long Images { get; init; }

    /// <summary>Sums over those images for each figure, by its name; empty before the first step.</summary>
    public IReadOnlyDictionary<string, double[]> Sums { get; init; } = ReadOnlyDictionary<string, double[]>.Empty;

    /// <summary>The epoch with the best ELBO so far, 0 for none.</summary>
    public int BestEpoch { get; init; }

    /// <summary>That ELBO, in nats per image.</summary>
    public double? BestElbo { get; init; }

    /// <summary>KL(q(z|x)‖p(z)) of each latent dimension at the end of the last whole epoch, in nats, [D]; empty before.</summary>
    public IReadOnlyList<double> KlPerDimension { get; init; } = [];

    /// <summary>Times the run went back after a divergence; each halved the learning rate.</summary>
    public int Rewinds { get; init; }

    /// <summary>Epochs since the best one, those not counted in which β changed.</summary>
    public int StaleEpochs { get; init; }

    /// <summary>Epochs without a better ELBO since the learning rate last fell for that.</summary>
    public int PlateauEpochs { get; init; }

    /// <summary>Times the learning rate fell for that.</summary>
    public int RateReductions { get; init; }
}
