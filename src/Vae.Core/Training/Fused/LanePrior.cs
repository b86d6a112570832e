using Vae.Core.Engine;
using Vae.Core.Priors;

namespace Vae.Core.Training.Fused;

/// <summary>
/// One thread's part of the prior: log p(z) of its own draws and, where p has components, the preparation, the gradients and the update of some
/// of them.
/// </summary>
internal abstract class LanePrior : IDisposable
{
    /// <summary>The pieces of the flat parameters that belong to this lane.</summary>
    public virtual IReadOnlyList<(int Start, int Length)> Pieces => [];

    /// <summary>The part of a model's prior.</summary>
    /// <param name="model">The layout.</param>
    /// <param name="worker">Which lane.</param>
    /// <param name="workers">Of how many.</param>
    /// <param name="rows">Draws of the lane.</param>
    public static LanePrior For(FusedModel model, int worker, int workers, int rows)
    {
        (int first, int end) = WorkerTeam.Share(worker, workers, model.Components?.Count ?? 0);
        return model.Prior switch
        {
            VampPrior vamp => new VampLanePrior(model, vamp, first, end, rows),
            MixturePrior mixture => new MixtureLanePrior(model, mixture, first, end, rows),
            _ => new NormalLanePrior(model.Latent),
        };
    }

    /// <summary>Makes the parts of all lanes known to each other.</summary>
    public virtual void Join(LanePrior[] lanes)
    {
    }

    /// <summary>Works out the lane's components as the parameters stand.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>log p(z) of each draw in nats, once all components are prepared.</summary>
    /// <param name="latents">z, [n, D].</param>
    /// <param name="logProbabilities">[n].</param>
    public abstract void Score(ReadOnlySpan<float> latents, Span<double> logProbabilities);

    /// <summary>The gradient of −Σ w log p(z): with respect to z at once, that of the components as sums to be reduced.</summary>
    /// <param name="weights">w, [n].</param>
    /// <param name="latents">z, [n, D].</param>
    /// <param name="gradient">Added to, [n, D].</param>
    public abstract void AddGradient(ReadOnlySpan<float> weights, ReadOnlySpan<float> latents, Span<float> gradient);

    /// <summary>The gradients of the lane's components, once all lanes have added theirs.</summary>
    public virtual void Reduce()
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}

/// <summary>N(0, I).</summary>
/// <param name="latent">D.</param>
internal sealed class NormalLanePrior(int latent) : LanePrior
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    public override void Score(ReadOnlySpan<float> latents, Span<double> logProbabilities)
    {
        for (int row = 0; row < logProbabilities.Length; row++)
        {
            logProbabilities[row] = -0.5 * (Vectors.SumOfSquares(latents.Slice(row * latent, latent)) + (latent * LogTwoPi));
        }
    }

    public override void AddGradient(ReadOnlySpan<float> weights, ReadOnlySpan<float> latents, Span<float> gradient)
    {
        for (int row = 0; row < weights.Length; row++)
        {
            Vectors.AddScaled(latents.Slice(row * latent, latent), weights[row], gradient.Slice(row * latent, latent));
        }
    }
}
