namespace Vae.Core.Engine;

/// <summary>
/// The random draws of a batch. Each place in a model that draws has a site, a fixed number, and what is drawn there is a pure function of
/// the seed, the purpose, the site, the epoch and the example: a draw that is added at one site shifts none at another.
/// </summary>
/// <param name="Samples">K, draws for each example.</param>
public abstract record Draws(int Samples)
{
    /// <summary>Draws of N(0, I), [K, B, D] float32.</summary>
    /// <param name="site">Which place draws: 0 for the first group of latents.</param>
    /// <param name="dimension">D.</param>
    public abstract Tensor Normal(uint site, int dimension);
}

/// <summary>The draws of one update: on the CPU of (epoch, example), whatever the batch; on a GPU made there for the whole step.</summary>
/// <param name="Stream">Their seed and purpose.</param>
/// <param name="Epoch">The epoch under way.</param>
/// <param name="Step">Updates done before.</param>
/// <param name="Examples">The images of the batch, by their index in the published part.</param>
/// <param name="Samples">K.</param>
/// <param name="Device">Where they are wanted.</param>
internal sealed record TrainingDraws(RandomStream Stream, int Epoch, long Step, int[] Examples, int Samples, Device Device) : Draws(Samples)
{
    public override Tensor Normal(uint site, int dimension) =>
        Noise.ForTraining(Stream with { Site = site }, Epoch, Step, Examples, Samples, dimension, Device);
}

/// <summary>Some of the draws of an evaluation: of (example, sample), whatever the batch and the chunk.</summary>
/// <param name="Stream">Their seed and purpose.</param>
/// <param name="First">The first sample's number.</param>
/// <param name="Examples">The images, by their index in the published part.</param>
/// <param name="Samples">K, how many samples from the first on.</param>
/// <param name="Device">Where they are wanted.</param>
internal sealed record EvaluationDraws(RandomStream Stream, int First, int[] Examples, int Samples, Device Device) : Draws(Samples)
{
    public override Tensor Normal(uint site, int dimension) =>
        Noise.NormalPerSample(Stream with { Site = site }, First, Samples, Examples, dimension, Device);
}
