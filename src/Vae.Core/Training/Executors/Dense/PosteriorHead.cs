namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// From the encoder's last products to q(z|x) = N(μ, diag σ²), its draws and its divergence from N(0, I), and all the way back, by rows.
/// </summary>
/// <param name="layer">A last layer whose products are those of the mean and then of the log-variance, [N, 2D].</param>
/// <param name="bound">The limits of the log-variance.</param>
/// <param name="rows">N.</param>
internal sealed class PosteriorHead(LayerBuffers layer, LogVarianceBound bound, int rows) : IDisposable
{
    private readonly int _latent = layer.Width / 2;                                  // D
    private readonly Vector512<float> _minimum = Vector512.Create((float)bound.Minimum);
    private readonly Vector512<float> _maximum = Vector512.Create((float)bound.Maximum);
    private readonly TensorBuffer<float> _mean = new(rows, layer.Width / 2);         // μ, [N, D]
    private readonly TensorBuffer<float> _logVariance = new(rows, layer.Width / 2);  // [N, D]
    private readonly TensorBuffer<float> _deviation = new(rows, layer.Width / 2);    // σ, [N, D]
    private readonly TensorBuffer<float> _slope = new(rows, layer.Width / 2);        // ∂ log σ² / ∂ product, [N, D]

    /// <summary>μ of a row, [D].</summary>
    public ReadOnlySpan<float> Mean(int row) => Row(_mean, row);

    /// <summary>log σ² of a row, [D].</summary>
    public ReadOnlySpan<float> LogVariance(int row) => Row(_logVariance, row);

    /// <summary>Works out the Gaussians of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int start, int end)
    {
        ReadOnlySpan<float> meanBias = layer.Bias[.._latent];
        ReadOnlySpan<float> varianceBias = layer.Bias[_latent..];
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<float> products = layer.Values.Slice(row * 2 * _latent, 2 * _latent);
            Span<float> mean = Row(_mean, row);
            Span<float> logVariance = Row(_logVariance, row);
            Span<float> deviation = Row(_deviation, row);
            Span<float> slope = Row(_slope, row);
            for (int i = 0; i < _latent; i += Vectors.Width)
            {
                Vectors.Store(Vectors.Load(products[.._latent], i) + Vectors.Load(meanBias, i), mean, i);
                Vector512<float> unbounded = Vectors.Load(products[_latent..], i) + Vectors.Load(varianceBias, i);
                (Vector512<float> bounded, Vector512<float> derivative) = Bound(unbounded);
                Vectors.Store(bounded, logVariance, i);
                Vectors.Store(Vector512.Exp(bounded * 0.5f), deviation, i);
                Vectors.Store(derivative, slope, i);
            }
        }
    }

    /// <summary>KL(q‖N(0, I)) of a row in nats, dimension by dimension.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Kl(int row, Span<float> perDimension)
    {
        ReadOnlySpan<float> mean = Row(_mean, row);
        ReadOnlySpan<float> logVariance = Row(_logVariance, row);
        ReadOnlySpan<float> deviation = Row(_deviation, row);
        for (int i = 0; i < _latent; i += Vectors.Width)
        {
            Vector512<float> m = Vectors.Load(mean, i);
            Vector512<float> s = Vectors.Load(deviation, i);
            Vector512<float> kl = ((m * m) + (s * s) - Vector512<float>.One - Vectors.Load(logVariance, i)) * 0.5f;
            Vectors.Store(kl, perDimension, i);
        }
    }

    /// <summary>Draws of a row, z = μ + σ ⊙ ε, both [K, D].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Draw(int row, ReadOnlySpan<float> noise, Span<float> latents)
    {
        ReadOnlySpan<float> mean = Row(_mean, row);
        ReadOnlySpan<float> deviation = Row(_deviation, row);
        for (int start = 0; start < noise.Length; start += _latent)
        {
            ReadOnlySpan<float> epsilon = noise.Slice(start, _latent);
            Span<float> z = latents.Slice(start, _latent);
            for (int i = 0; i < _latent; i += Vectors.Width)
            {
                Vectors.Store(Vectors.Load(mean, i) + (Vectors.Load(deviation, i) * Vectors.Load(epsilon, i)), z, i);
            }
        }
    }

    /// <summary>log q(z|x) of a draw in nats, without its −D/2 · log 2π: −½ Σ (ε² + log σ²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float LogProbability(int row, ReadOnlySpan<float> noise)
    {
        ReadOnlySpan<float> logVariance = Row(_logVariance, row);
        Vector512<float> sum = Vector512<float>.Zero;
        for (int i = 0; i < _latent; i += Vectors.Width)
        {
            Vector512<float> epsilon = Vectors.Load(noise, i);
            sum += (epsilon * epsilon) + Vectors.Load(logVariance, i);
        }

        return -0.5f * Vector512.Sum(sum);
    }

    /// <summary>The gradient by z by way of log q(z|x) with its parameters held: adds w·ε/σ, where w weighs −log q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddScoreOfPath(int row, ReadOnlySpan<float> noise, float weight, Span<float> gradient)
    {
        ReadOnlySpan<float> deviation = Row(_deviation, row);
        for (int i = 0; i < _latent; i += Vectors.Width)
        {
            Vector512<float> s = Vectors.Load(deviation, i) + PastEnd(_latent - i);
            Vectors.Store(Vectors.Load(gradient, i) + (Vectors.Load(noise, i) * weight / s), gradient, i);
        }
    }

    /// <summary>
    /// The gradient with respect to the layer's products, from that with respect to the draws and from the KL's in closed
    /// form. It takes the products' place.
    /// </summary>
    /// <param name="row">Which.</param>
    /// <param name="latentGradient">∂/∂z, [K, D].</param>
    /// <param name="noise">ε, [K, D].</param>
    /// <param name="klWeight">The weight of the KL in closed form.</param>
    /// <param name="entropyWeight">The weight of log q(z|x), of which −½ comes by way of each log σ².</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int row, ReadOnlySpan<float> latentGradient, ReadOnlySpan<float> noise, float klWeight, float entropyWeight)
    {
        Span<float> products = layer.Values.Slice(row * 2 * _latent, 2 * _latent);
        ReadOnlySpan<float> mean = Row(_mean, row);
        ReadOnlySpan<float> deviation = Row(_deviation, row);
        ReadOnlySpan<float> slope = Row(_slope, row);
        for (int i = 0; i < _latent; i += Vectors.Width)
        {
            Vector512<float> path = Vector512<float>.Zero;
            Vector512<float> spread = Vector512<float>.Zero;
            for (int start = 0; start < latentGradient.Length; start += _latent)
            {
                Vector512<float> d = Vectors.Load(latentGradient.Slice(start, _latent), i);
                path += d;
                spread += d * Vectors.Load(noise.Slice(start, _latent), i);
            }

            Vector512<float> s = Vectors.Load(deviation, i);
            Vector512<float> toLogVariance = (spread * s * 0.5f) - Vector512.Create(0.5f * entropyWeight);
            toLogVariance += ((s * s) - Vector512<float>.One) * (0.5f * klWeight);
            path += Vectors.Load(mean, i) * klWeight;
            Vectors.Store(path, products[.._latent], i);
            Vectors.Store(toLogVariance * Vectors.Load(slope, i), products[_latent..], i);
        }
    }

    /// <summary>The same from gradients with respect to mean and log-variance that are known already.</summary>
    public void Backward(int row, ReadOnlySpan<float> meanGradient, ReadOnlySpan<float> logVarianceGradient)
    {
        Span<float> products = layer.Values.Slice(row * 2 * _latent, 2 * _latent);
        ReadOnlySpan<float> slope = Row(_slope, row);
        meanGradient.CopyTo(products);
        for (int i = 0; i < _latent; i += Vectors.Width)
        {
            Vectors.Store(Vectors.Load(logVarianceGradient, i) * Vectors.Load(slope, i), products[_latent..], i);
        }
    }

    public void Dispose() => Array.ForEach([_mean, _logVariance, _deviation, _slope], buffer => buffer.Dispose());

    private Span<float> Row(TensorBuffer<float> buffer, int row) => buffer.Slice(row * _latent, _latent);

    // m + softplus(h − m) − softplus(h − M) as in SmoothClamp, and its derivative σ(h − m) − σ(h − M).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector512<float> Value, Vector512<float> Slope) Bound(Vector512<float> h)
    {
        Vector512<float> value = Vector512.Min(Vector512.Max(h, _minimum), _maximum)
            + Vectors.Log1PlusExp(-Vector512.Abs(h - _minimum))
            - Vectors.Log1PlusExp(-Vector512.Abs(h - _maximum));
        return (value, Vectors.Sigmoid(h - _minimum) - Vectors.Sigmoid(h - _maximum));
    }

    // Ones in the lanes from an index on, so that nothing is divided by zero there.
    private static Vector512<float> PastEnd(int count) =>
        Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(count)).AsSingle() & Vector512<float>.One;
}
