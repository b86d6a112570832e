using Vae.Core.Distributions;
using Vae.Core.Engine;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// Components of equal weight as the matrix products of their mixture's density want them, in float64 as in
/// <see cref="GaussianMixtureDensity"/>. Threads prepare and reduce components of their own and score rows of their own.
/// </summary>
/// <param name="count">C.</param>
/// <param name="latent">D.</param>
internal sealed class MixtureComponents(int count, int latent) : IDisposable
{
    private readonly TensorBuffer<double> _means = new(count, latent);
    private readonly TensorBuffer<double> _precisions = new(count, latent);
    private readonly TensorBuffer<double> _weighted = new(count, latent);     // μ/σ²
    private readonly TensorBuffer<double> _constants = new(count);            // what log w + log N(z) has that z has no part in

    public int Count => count;

    /// <summary>Takes in a component.</summary>
    /// <param name="component">Which.</param>
    /// <param name="mean">μ, [D].</param>
    /// <param name="logVariance">log σ², [D].</param>
    public void Set(int component, ReadOnlySpan<float> mean, ReadOnlySpan<float> logVariance)
    {
        Span<double> means = _means.Slice(component * latent, latent);
        Span<double> precisions = _precisions.Slice(component * latent, latent);
        Span<double> weighted = _weighted.Slice(component * latent, latent);
        double sum = 0;
        for (int d = 0; d < latent; d++)
        {
            precisions[d] = -logVariance[d];
        }

        TensorPrimitives.Exp(precisions, precisions);
        for (int d = 0; d < latent; d++)
        {
            means[d] = mean[d];
            weighted[d] = means[d] * precisions[d];
            sum += logVariance[d] + DiagonalGaussian.LogTwoPi + (weighted[d] * means[d]);
        }

        _constants.Values[component] = -Math.Log(count) - (0.5 * sum);
    }

    /// <summary>The gradients of one component, from what all threads' rows have to say of it.</summary>
    /// <param name="component">Which.</param>
    /// <param name="rows">All threads' rows, in a fixed order.</param>
    /// <param name="meanGradient">[D].</param>
    /// <param name="logVarianceGradient">[D].</param>
    public void Reduce(int component, ReadOnlySpan<Rows> rows, Span<float> meanGradient, Span<float> logVarianceGradient)
    {
        // Into the first thread's place: each component is reduced by one thread, and its sums are made anew in the next step.
        double shares = rows[0].Shares.Values[component];
        Span<double> sums = rows[0].Sums.Slice(component * latent, latent);
        Span<double> squares = rows[0].Squares.Slice(component * latent, latent);
        foreach (Rows other in rows[1..])
        {
            shares += other.Shares.Values[component];
            TensorPrimitives.Add(sums, other.Sums.Slice(component * latent, latent), sums);
            TensorPrimitives.Add(squares, other.Squares.Slice(component * latent, latent), squares);
        }

        ReadOnlySpan<double> means = _means.Slice(component * latent, latent);
        ReadOnlySpan<double> precisions = _precisions.Slice(component * latent, latent);
        for (int d = 0; d < latent; d++)
        {
            double m = means[d];
            meanGradient[d] = (float)(precisions[d] * (sums[d] - (shares * m)));
            double deviations = squares[d] - (2 * m * sums[d]) + (shares * m * m); // Σ r (z − μ)²
            logVarianceGradient[d] = (float)(0.5 * ((precisions[d] * deviations) - shares));
        }
    }

    public void Dispose() => Array.ForEach([_means, _precisions, _weighted, _constants], buffer => buffer.Dispose());

    /// <summary>One thread's draws under the mixture.</summary>
    /// <param name="components">The mixture.</param>
    /// <param name="count">n.</param>
    /// <param name="latent">D.</param>
    internal sealed class Rows(MixtureComponents components, int count, int latent) : IDisposable
    {
        private readonly TensorBuffer<double> _latents = new(count, latent);                         // z
        private readonly TensorBuffer<double> _latentSquares = new(count, latent);                   // z²
        private readonly TensorBuffer<double> _responsibilities = new(count, components.Count);      // r
        private readonly TensorBuffer<double> _toPrecisions = new(count, latent);
        private readonly TensorBuffer<double> _toMeans = new(count, latent);
        private readonly Tensor _precisionsTransposed = components._precisions.Tensor.t().DetachFromDisposeScope();
        private readonly Tensor _weightedTransposed = components._weighted.Tensor.t().DetachFromDisposeScope();
        private Tensor? _responsibilitiesTransposed;

        /// <summary>Σ of the weighted responsibilities of these rows, [C].</summary>
        public TensorBuffer<double> Shares { get; } = new(components.Count);

        /// <summary>The same times z, [C, D].</summary>
        public TensorBuffer<double> Sums { get; } = new(components.Count, latent);

        /// <summary>The same times z², [C, D].</summary>
        public TensorBuffer<double> Squares { get; } = new(components.Count, latent);

        /// <summary>log p(z) of each row in nats.</summary>
        /// <param name="latents">z, [n, D].</param>
        /// <param name="logProbabilities">[n].</param>
        public void Forward(ReadOnlySpan<float> latents, Span<double> logProbabilities)
        {
            if (count == 0)
            {
                return;
            }

            Span<double> z = _latents.Values;
            TensorPrimitives.ConvertTruncating(latents, z);
            TensorPrimitives.Multiply<double>(z, z, _latentSquares.Values);
            _responsibilities.Tensor.addmm_(_latentSquares.Tensor, _precisionsTransposed, beta: 0, alpha: -0.5f);
            _responsibilities.Tensor.addmm_(_latents.Tensor, _weightedTransposed);
            for (int row = 0; row < count; row++)
            {
                Span<double> joint = _responsibilities.Slice(row * components.Count, components.Count);
                TensorPrimitives.Add(joint, components._constants.Values, joint);
                logProbabilities[row] = ResponsibilityKernel.Normalize(joint);
            }
        }

        /// <summary>The gradients of −Σ w_n log p(z_n): with respect to z at once, those of the components as sums to be reduced.</summary>
        /// <param name="weights">w, [n].</param>
        /// <param name="latentGradient">Added to, [n, D].</param>
        public void Backward(ReadOnlySpan<float> weights, Span<float> latentGradient)
        {
            Shares.Values.Clear();
            if (count == 0)
            {
                Sums.Values.Clear();
                Squares.Values.Clear();
                return;
            }

            for (int row = 0; row < count; row++)
            {
                Span<double> shares = _responsibilities.Slice(row * components.Count, components.Count);
                TensorPrimitives.Multiply(shares, -weights[row], shares);
                TensorPrimitives.Add(Shares.Values, shares, Shares.Values);
            }

            _responsibilitiesTransposed ??= _responsibilities.Tensor.t().DetachFromDisposeScope();
            _toPrecisions.Tensor.addmm_(_responsibilities.Tensor, components._precisions.Tensor, beta: 0);
            _toMeans.Tensor.addmm_(_responsibilities.Tensor, components._weighted.Tensor, beta: 0);
            Sums.Tensor.addmm_(_responsibilitiesTransposed, _latents.Tensor, beta: 0);
            Squares.Tensor.addmm_(_responsibilitiesTransposed, _latentSquares.Tensor, beta: 0);
            ReadOnlySpan<double> z = _latents.Values;
            ReadOnlySpan<double> toPrecisions = _toPrecisions.Values;
            ReadOnlySpan<double> toMeans = _toMeans.Values;
            for (int i = 0; i < z.Length; i++)
            {
                latentGradient[i] += (float)(toMeans[i] - (toPrecisions[i] * z[i]));
            }
        }

        public void Dispose()
        {
            _precisionsTransposed.Dispose();
            _weightedTransposed.Dispose();
            _responsibilitiesTransposed?.Dispose();
            Array.ForEach(
                [_latents, _latentSquares, _responsibilities, _toPrecisions, _toMeans, Shares, Sums, Squares], buffer => buffer.Dispose());
        }
    }
}
