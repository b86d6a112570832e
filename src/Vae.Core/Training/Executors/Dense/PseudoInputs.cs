using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// The prior (1/C) Σ q(z|u) in the form that the matrix products of its density take, in float64 as in <see
/// cref="GaussianMixtureDensity"/>. Threads prepare and reduce components of their own and score rows of their own.
/// </summary>
internal sealed class PseudoInputs(Parameter parameter, FlatParameters parameters, int latent) : IDisposable
{
    private readonly TensorBuffer<double> _means = new(parameter.shape[0], latent);
    private readonly TensorBuffer<double> _precisions = new(parameter.shape[0], latent);
    private readonly TensorBuffer<double> _weighted = new(parameter.shape[0], latent); // μ/σ²
    private readonly TensorBuffer<double> _constants = new(parameter.shape[0]);        // what log w + log N(z) has that z has no part in
    private readonly TensorBuffer<float> _gradient = new(parameters.GradientOf(parameter)); // [C, P]

    /// <summary>C.</summary>
    public int Count { get; } = (int)parameter.shape[0];

    public void Dispose() =>
        Array.ForEach<IDisposable>([_means, _precisions, _weighted, _constants, _gradient], buffer => buffer.Dispose());

    /// <summary>One thread's components, and its draws under the whole mixture.</summary>
    internal sealed class Lane(DenseLayout layout, (int First, int End) share, int draws) : IDisposable
    {
        private readonly PseudoInputs _mixture = layout.PseudoInputs!;
        private readonly int _latent = layout.Latent;
        private readonly RowChain _chain = new(layout.Encoder, share.First, share.End, layout.PseudoInputs!._gradient);
        private readonly TensorBuffer<double> _latents = new(draws, layout.Latent);                        // z, [n, D]
        private readonly TensorBuffer<double> _latentSquares = new(draws, layout.Latent);                  // z², [n, D]
        private readonly TensorBuffer<double> _responsibilities = new(draws, layout.PseudoInputs!.Count);  // r, [n, C]; weighted afterwards
        private readonly TensorBuffer<double> _toPrecisions = new(draws, layout.Latent);                   // [n, D]
        private readonly TensorBuffer<double> _toMeans = new(draws, layout.Latent);                        // [n, D]
        private readonly TensorBuffer<double> _shares = new(layout.PseudoInputs!.Count);                   // Σ r, [C]
        private readonly TensorBuffer<double> _sums = new(layout.PseudoInputs!.Count, layout.Latent);      // Σ r z, [C, D]
        private readonly TensorBuffer<double> _squares = new(layout.PseudoInputs!.Count, layout.Latent);   // Σ r z², [C, D]
        private readonly Tensor _precisionsTransposed = layout.PseudoInputs!._precisions.Tensor.t().DetachFromDisposeScope();
        private readonly Tensor _weightedTransposed = layout.PseudoInputs!._weighted.Tensor.t().DetachFromDisposeScope();
        private readonly float[] _meanGradient = new float[layout.Latent];                                 // of one component, [D]
        private readonly float[] _logVarianceGradient = new float[layout.Latent];                          // [D]
        private Tensor? _responsibilitiesTransposed;

        /// <summary>The piece of the flat parameters that belongs to this lane.</summary>
        public (int Start, int Length) Piece { get; } = (
            layout.Parameters.Offset(layout.Form.PseudoInputs!) + (share.First * layout.Pixels),
            (share.End - share.First) * layout.Pixels);

        /// <summary>Works out the lane's components as the parameters stand.</summary>
        public void Prepare()
        {
            ReadOnlySpan<float> pseudoInputs = layout.Parameters.Values.Slice(Piece.Start, Piece.Length);
            Span<float> rows = layout.Input.Slice(share.First * layout.Pixels, Piece.Length);
            for (int i = 0; i < rows.Length; i += Vectors.Width)
            {
                Vector512<float> unit = Vector512.Max(Vectors.Load(pseudoInputs, i), Vector512<float>.Zero);
                Vectors.Store(Vector512.Min(unit, Vector512<float>.One), rows, i);
            }

            _chain.Forward();
            layout.Head.Forward(share.First, share.End);
            for (int c = share.First; c < share.End; c++)
            {
                SetComponent(c, layout.Head.Mean(c), layout.Head.LogVariance(c));
            }
        }

        /// <summary>log p(z) of each draw in nats, [n] of z [n, D], once all components are prepared.</summary>
        public void Score(ReadOnlySpan<float> latents, Span<double> logProbabilities)
        {
            if (draws == 0)
            {
                return;
            }

            Span<double> z = _latents.Values;
            TensorPrimitives.ConvertTruncating(latents, z);
            TensorPrimitives.Multiply<double>(z, z, _latentSquares.Values);
            _responsibilities.Tensor.addmm_(_latentSquares.Tensor, _precisionsTransposed, beta: 0, alpha: -0.5f);
            _responsibilities.Tensor.addmm_(_latents.Tensor, _weightedTransposed);
            for (int row = 0; row < draws; row++)
            {
                Span<double> joint = _responsibilities.Slice(row * _mixture.Count, _mixture.Count);
                TensorPrimitives.Add(joint, _mixture._constants.Values, joint);
                logProbabilities[row] = ResponsibilityKernel.Normalize(joint);
            }
        }

        /// <summary>The gradient of −Σ w log p(z): with respect to z at once, that of the components as sums to be reduced.</summary>
        /// <param name="weights">w, [n].</param>
        /// <param name="gradient">Added to, [n, D].</param>
        public void AddGradient(ReadOnlySpan<float> weights, Span<float> gradient)
        {
            _shares.Values.Clear();
            if (draws == 0)
            {
                _sums.Values.Clear();
                _squares.Values.Clear();
                return;
            }

            for (int row = 0; row < draws; row++)
            {
                Span<double> shares = _responsibilities.Slice(row * _mixture.Count, _mixture.Count);
                TensorPrimitives.Multiply(shares, -weights[row], shares);
                TensorPrimitives.Add(_shares.Values, shares, _shares.Values);
            }

            _toPrecisions.Tensor.addmm_(_responsibilities.Tensor, _mixture._precisions.Tensor, beta: 0);
            _toMeans.Tensor.addmm_(_responsibilities.Tensor, _mixture._weighted.Tensor, beta: 0);
            _responsibilitiesTransposed ??= _responsibilities.Tensor.t().DetachFromDisposeScope();
            _sums.Tensor.addmm_(_responsibilitiesTransposed, _latents.Tensor, beta: 0);
            _squares.Tensor.addmm_(_responsibilitiesTransposed, _latentSquares.Tensor, beta: 0);
            ReadOnlySpan<double> z = _latents.Values;
            ReadOnlySpan<double> toPrecisions = _toPrecisions.Values;
            ReadOnlySpan<double> toMeans = _toMeans.Values;
            for (int i = 0; i < z.Length; i++)
            {
                gradient[i] += (float)(toMeans[i] - (toPrecisions[i] * z[i]));
            }
        }

        /// <summary>The gradients of the lane's components, from the draws of all lanes, in their order.</summary>
        public void Reduce(ReadOnlySpan<Lane> lanes)
        {
            for (int c = share.First; c < share.End; c++)
            {
                ReduceComponent(c, lanes);
                layout.Head.Backward(c, _meanGradient, _logVarianceGradient);
            }

            _chain.Backward();
            DropClipped(
                layout.Parameters.Values.Slice(Piece.Start, Piece.Length), layout.Parameters.Gradients.Slice(Piece.Start, Piece.Length));
        }

        public void Dispose() => Array.ForEach<IDisposable?>(
            [
                _chain, _latents, _latentSquares, _responsibilities, _toPrecisions, _toMeans, _shares, _sums, _squares,
                _precisionsTransposed, _weightedTransposed, _responsibilitiesTransposed,
            ],
            part => part?.Dispose());

        private void SetComponent(int component, ReadOnlySpan<float> mean, ReadOnlySpan<float> logVariance)
        {
            Span<double> means = _mixture._means.Slice(component * _latent, _latent);
            Span<double> precisions = _mixture._precisions.Slice(component * _latent, _latent);
            Span<double> weighted = _mixture._weighted.Slice(component * _latent, _latent);
            double sum = 0;
            for (int d = 0; d < _latent; d++)
            {
                precisions[d] = -logVariance[d];
            }

            TensorPrimitives.Exp(precisions, precisions);
            for (int d = 0; d < _latent; d++)
            {
                means[d] = mean[d];
                weighted[d] = means[d] * precisions[d];
                sum += logVariance[d] + DiagonalGaussian.LogTwoPi + (weighted[d] * means[d]);
            }

            _mixture._constants.Values[component] = -Math.Log(_mixture.Count) - (0.5 * sum);
        }

        // Into the share.First lane's place: each component is reduced by one thread, and its sums are made anew in the next step.
        private void ReduceComponent(int component, ReadOnlySpan<Lane> lanes)
        {
            double shares = lanes[0]._shares.Values[component];
            Span<double> sums = lanes[0]._sums.Slice(component * _latent, _latent);
            Span<double> squares = lanes[0]._squares.Slice(component * _latent, _latent);
            foreach (Lane other in lanes[1..])
            {
                shares += other._shares.Values[component];
                TensorPrimitives.Add(sums, other._sums.Slice(component * _latent, _latent), sums);
                TensorPrimitives.Add(squares, other._squares.Slice(component * _latent, _latent), squares);
            }

            ReadOnlySpan<double> means = _mixture._means.Slice(component * _latent, _latent);
            ReadOnlySpan<double> precisions = _mixture._precisions.Slice(component * _latent, _latent);
            for (int d = 0; d < _latent; d++)
            {
                double m = means[d];
                _meanGradient[d] = (float)(precisions[d] * (sums[d] - (shares * m)));
                double deviations = squares[d] - (2 * m * sums[d]) + (shares * m * m); // Σ r (z − μ)²
                _logVarianceGradient[d] = (float)(0.5 * ((precisions[d] * deviations) - shares));
            }
        }

        // A pseudo-input that was clipped has no gradient.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void DropClipped(ReadOnlySpan<float> values, Span<float> gradient)
        {
            for (int i = 0; i < gradient.Length; i += Vectors.Width)
            {
                Vector512<float> x = Vectors.Load(values, i);
                Vector512<float> within =
                    Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero) & Vector512.LessThanOrEqual(x, Vector512<float>.One);
                Vectors.Store(Vectors.Load(gradient, i) & within, gradient, i);
            }
        }
    }
}
