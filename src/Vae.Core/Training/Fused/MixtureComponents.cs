using Vae.Core.Engine;
using Vae.Core.Distributions;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Vae.Core.Training.Fused;

/// <summary>
/// The components of a mixture prior as the matrix products of its density want them, in float64 as in
/// <see cref="GaussianMixtureDensity"/>. Threads prepare and reduce components of their own and score rows of their own.
/// </summary>
internal sealed class MixtureComponents : IDisposable
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly TensorBuffer<double> _means;
    private readonly TensorBuffer<double> _precisions;
    private readonly TensorBuffer<double> _weighted;     // μ/σ²
    private readonly TensorBuffer<double> _constants;    // what log w + log N(z) has that z has no part in
    private readonly Tensor _precisionsTransposed;
    private readonly Tensor _weightedTransposed;

    /// <summary>Takes memory.</summary>
    /// <param name="count">C.</param>
    /// <param name="latent">D.</param>
    public MixtureComponents(int count, int latent)
    {
        Count = count;
        Latent = latent;
        _means = new TensorBuffer<double>(count, latent);
        _precisions = new TensorBuffer<double>(count, latent);
        _weighted = new TensorBuffer<double>(count, latent);
        _constants = new TensorBuffer<double>(count);
        MeanGradient = new TensorBuffer<float>(count, latent);
        LogVarianceGradient = new TensorBuffer<float>(count, latent);
        _precisionsTransposed = _precisions.Tensor.t().DetachFromDisposeScope();
        _weightedTransposed = _weighted.Tensor.t().DetachFromDisposeScope();
    }

    /// <summary>C.</summary>
    public int Count { get; }

    /// <summary>D.</summary>
    public int Latent { get; }

    /// <summary>The gradient with respect to the means, [C, D].</summary>
    public TensorBuffer<float> MeanGradient { get; }

    /// <summary>The gradient with respect to the log-variances, [C, D].</summary>
    public TensorBuffer<float> LogVarianceGradient { get; }

    /// <summary>Takes in a component.</summary>
    /// <param name="component">Which.</param>
    /// <param name="logWeight">log w.</param>
    /// <param name="mean">μ, [D].</param>
    /// <param name="logVariance">log σ², [D].</param>
    public void Set(int component, double logWeight, ReadOnlySpan<float> mean, ReadOnlySpan<float> logVariance)
    {
        Span<double> means = _means.Slice(component * Latent, Latent);
        Span<double> precisions = _precisions.Slice(component * Latent, Latent);
        Span<double> weighted = _weighted.Slice(component * Latent, Latent);
        double sum = 0;
        for (int d = 0; d < Latent; d++)
        {
            precisions[d] = -logVariance[d];
        }

        TensorPrimitives.Exp(precisions, precisions);
        for (int d = 0; d < Latent; d++)
        {
            means[d] = mean[d];
            weighted[d] = means[d] * precisions[d];
            sum += logVariance[d] + LogTwoPi + (weighted[d] * means[d]);
        }

        _constants.Values[component] = logWeight - (0.5 * sum);
    }

    /// <summary>Memory for the rows of one thread.</summary>
    public Rows NewRows(int rows) => new(this, rows);

    /// <summary>The gradients of one component, from what all threads' rows have to say of it.</summary>
    /// <param name="component">Which.</param>
    /// <param name="rows">All threads' rows, in a fixed order.</param>
    /// <returns>The gradient with respect to log w, as if it were free.</returns>
    public double Reduce(int component, ReadOnlySpan<Rows> rows)
    {
        double count = 0;
        const int LargestOnStack = 512;
        Span<double> sums = 2 * Latent <= LargestOnStack ? stackalloc double[2 * Latent] : new double[2 * Latent];
        sums.Clear();
        foreach (Rows part in rows)
        {
            count += part.Counts.Values[component];
            ReadOnlySpan<double> first = part.Sums.Slice(component * Latent, Latent);
            ReadOnlySpan<double> second = part.Squares.Slice(component * Latent, Latent);
            for (int d = 0; d < Latent; d++)
            {
                sums[d] += first[d];
                sums[Latent + d] += second[d];
            }
        }

        ReadOnlySpan<double> means = _means.Slice(component * Latent, Latent);
        ReadOnlySpan<double> precisions = _precisions.Slice(component * Latent, Latent);
        Span<float> meanGradient = MeanGradient.Slice(component * Latent, Latent);
        Span<float> logVarianceGradient = LogVarianceGradient.Slice(component * Latent, Latent);
        for (int d = 0; d < Latent; d++)
        {
            double m = means[d];
            meanGradient[d] = (float)(precisions[d] * (sums[d] - (count * m)));
            double squares = sums[Latent + d] - (2 * m * sums[d]) + (count * m * m); // Σ r (z − μ)²
            logVarianceGradient[d] = (float)(0.5 * ((precisions[d] * squares) - count));
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _precisionsTransposed.Dispose();
        _weightedTransposed.Dispose();
        _means.Dispose();
        _precisions.Dispose();
        _weighted.Dispose();
        _constants.Dispose();
        MeanGradient.Dispose();
        LogVarianceGradient.Dispose();
    }

    /// <summary>One thread's draws under the mixture.</summary>
    internal sealed class Rows : IDisposable
    {
        private readonly MixtureComponents _components;
        private readonly int _count;
        private readonly TensorBuffer<double> _latents;           // z, [n, D]
        private readonly TensorBuffer<double> _squares;           // z², [n, D]
        private readonly TensorBuffer<double> _responsibilities;  // [n, C]
        private readonly TensorBuffer<double> _toPrecisions;      // [n, D]
        private readonly TensorBuffer<double> _toMeans;           // [n, D]
        private readonly Tensor _responsibilitiesTransposed;

        public Rows(MixtureComponents components, int rows)
        {
            _components = components;
            _count = rows;
            _latents = new TensorBuffer<double>(rows, components.Latent);
            _squares = new TensorBuffer<double>(rows, components.Latent);
            _responsibilities = new TensorBuffer<double>(rows, components.Count);
            _toPrecisions = new TensorBuffer<double>(rows, components.Latent);
            _toMeans = new TensorBuffer<double>(rows, components.Latent);
            Counts = new TensorBuffer<double>(components.Count);
            Sums = new TensorBuffer<double>(components.Count, components.Latent);
            Squares = new TensorBuffer<double>(components.Count, components.Latent);
            _responsibilitiesTransposed = _responsibilities.Tensor.t().DetachFromDisposeScope();
        }

        /// <summary>Σ of the weighted responsibilities of these rows, [C].</summary>
        public TensorBuffer<double> Counts { get; }

        /// <summary>The same times z, [C, D].</summary>
        public TensorBuffer<double> Sums { get; }

        /// <summary>The same times z², [C, D].</summary>
        public TensorBuffer<double> Squares { get; }

        /// <summary>log p(z) of each row in nats.</summary>
        /// <param name="latents">z, [n, D].</param>
        /// <param name="logProbabilities">[n].</param>
        public void Forward(ReadOnlySpan<float> latents, Span<double> logProbabilities)
        {
            if (_count == 0)
            {
                return;
            }

            Span<double> z = _latents.Values;
            Span<double> squares = _squares.Values;
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = latents[i];
                squares[i] = z[i] * z[i];
            }

            _responsibilities.Tensor.addmm_(_squares.Tensor, _components._precisionsTransposed, beta: 0, alpha: -0.5f);
            _responsibilities.Tensor.addmm_(_latents.Tensor, _components._weightedTransposed);
            for (int row = 0; row < _count; row++)
            {
                Span<double> joint = _responsibilities.Slice(row * _components.Count, _components.Count);
                TensorPrimitives.Add(joint, _components._constants.Values, joint);
                logProbabilities[row] = ResponsibilityKernel.Normalize(joint);
            }
        }

        /// <summary>The gradients of −Σ w_n log p(z_n): with respect to z at once, those of the components as sums to be reduced.</summary>
        /// <param name="weights">w, [n].</param>
        /// <param name="latentGradient">Added to, [n, D].</param>
        public void Backward(ReadOnlySpan<float> weights, Span<float> latentGradient)
        {
            Counts.Values.Clear();
            if (_count == 0)
            {
                Sums.Values.Clear();
                Squares.Values.Clear();
                return;
            }

            for (int row = 0; row < _count; row++)
            {
                WeighAndCount(_responsibilities.Slice(row * _components.Count, _components.Count), -weights[row], Counts.Values);
            }

            _toPrecisions.Tensor.addmm_(_responsibilities.Tensor, _components._precisions.Tensor, beta: 0);
            _toMeans.Tensor.addmm_(_responsibilities.Tensor, _components._weighted.Tensor, beta: 0);
            Sums.Tensor.addmm_(_responsibilitiesTransposed, _latents.Tensor, beta: 0);
            Squares.Tensor.addmm_(_responsibilitiesTransposed, _squares.Tensor, beta: 0);
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
            _responsibilitiesTransposed.Dispose();
            _latents.Dispose();
            _squares.Dispose();
            _responsibilities.Dispose();
            _toPrecisions.Dispose();
            _toMeans.Dispose();
            Counts.Dispose();
            Sums.Dispose();
            Squares.Dispose();
        }

        private static void WeighAndCount(Span<double> responsibilities, double weight, Span<double> counts)
        {
            TensorPrimitives.Multiply(responsibilities, weight, responsibilities);
            TensorPrimitives.Add(counts, responsibilities, counts);
        }
    }
}
