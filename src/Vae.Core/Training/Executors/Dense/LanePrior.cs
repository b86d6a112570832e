using Vae.Core.Distributions;
using Vae.Core.Engine;

namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// One thread's part of the prior: log p(z) of its own draws and, where p has components, the preparation, the gradients and the update of some
/// of them.
/// </summary>
internal abstract class LanePrior : IDisposable
{
    /// <summary>The piece of the flat parameters that belongs to this lane.</summary>
    public virtual (int Start, int Length) Piece => default;

    /// <summary>The part of a model's prior.</summary>
    /// <param name="layout">The model.</param>
    /// <param name="worker">Which lane.</param>
    /// <param name="workers">Of how many.</param>
    /// <param name="rows">Draws of the lane.</param>
    public static LanePrior For(DenseLayout layout, int worker, int workers, int rows) =>
        layout.Components is null ? new NormalLanePrior(layout.Latent) : new PseudoInputLane(layout, worker, workers, rows);

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

    public abstract void Dispose();

    /// <summary>N(0, I) over D dimensions.</summary>
    private sealed class NormalLanePrior(int latent) : LanePrior
    {
        public override void Score(ReadOnlySpan<float> latents, Span<double> logProbabilities)
        {
            for (int row = 0; row < logProbabilities.Length; row++)
            {
                double squares = Vectors.SumOfSquares(latents.Slice(row * latent, latent));
                logProbabilities[row] = -0.5 * (squares + (latent * DiagonalGaussian.LogTwoPi));
            }
        }

        public override void AddGradient(ReadOnlySpan<float> weights, ReadOnlySpan<float> latents, Span<float> gradient)
        {
            for (int row = 0; row < weights.Length; row++)
            {
                Vectors.AddScaled(latents.Slice(row * latent, latent), weights[row], gradient.Slice(row * latent, latent));
            }
        }

        public override void Dispose()
        {
        }
    }
}
