namespace Vae.Core.Networks;

/// <summary>
/// A dense layer's bias and activation in one pass, forward and backward. The activations here have a slope that is known from their value,
/// so the numbers before them need not be kept.
/// </summary>
internal abstract class ActivationKernel
{
    /// <summary>The kernel of an activation; null for one whose slope needs more than its value.</summary>
    /// <param name="activation">Which; null for none, y = x + b.</param>
    public static ActivationKernel? For(Activation? activation) => activation switch
    {
        null => new Kernel<Identity>(),
        Activation.Relu => new Kernel<Relu>(),
        Activation.LeakyRelu => new Kernel<LeakyRelu>(),
        Activation.Tanh => new Kernel<Tanh>(),
        Activation.Elu => new Kernel<Elu>(),
        Activation.Softplus => new Kernel<Softplus>(),
        _ => null,
    };

    /// <summary>y = f(x + b) in place.</summary>
    /// <param name="rows">[N, F].</param>
    /// <param name="bias">[F].</param>
    public abstract void Forward(Span<float> rows, ReadOnlySpan<float> bias);

    /// <summary>The gradient with respect to x from that with respect to y, in place.</summary>
    /// <param name="gradient">[…].</param>
    /// <param name="values">y, of the same length.</param>
    public abstract void Backward(Span<float> gradient, ReadOnlySpan<float> values);

    private interface IFunction
    {
        static abstract Vector512<float> Value(Vector512<float> x);

        static abstract Vector512<float> Slope(Vector512<float> y);
    }

    private sealed class Kernel<TFunction> : ActivationKernel
        where TFunction : struct, IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(Span<float> rows, ReadOnlySpan<float> bias)
        {
            for (int start = 0; start < rows.Length; start += bias.Length)
            {
                Span<float> row = rows.Slice(start, bias.Length);
                for (int i = 0; i < row.Length; i += Vectors.Width)
                {
                    Vectors.Store(TFunction.Value(Vectors.Load(row, i) + Vectors.Load(bias, i)), row, i);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(Span<float> gradient, ReadOnlySpan<float> values)
        {
            if (typeof(TFunction) == typeof(Identity))
            {
                return;
            }

            for (int i = 0; i < gradient.Length; i += Vectors.Width)
            {
                Vectors.Store(Vectors.Load(gradient, i) * TFunction.Slope(Vectors.Load(values, i)), gradient, i);
            }
        }
    }

    private readonly struct Identity : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> x) => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Slope(Vector512<float> y) => Vector512<float>.One;
    }

    private readonly struct Relu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Slope(Vector512<float> y) =>
            Vector512.GreaterThan(y, Vector512<float>.Zero) & Vector512<float>.One;
    }

    private readonly struct LeakyRelu : IFunction
    {
        private const float SlopeBelow = 0.01f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> x) => Vector512.Max(x, x * SlopeBelow);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Slope(Vector512<float> y) =>
            Vector512.ConditionalSelect(
                Vector512.GreaterThan(y, Vector512<float>.Zero), Vector512<float>.One, Vector512.Create(SlopeBelow));
    }

    private readonly struct Tanh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> x)
        {
            // 2σ(2x) − 1 cancels near 0; there the series x − x³/3 + 2x⁵/15 is exact to the last bits.
            Vector512<float> square = x * x;
            Vector512<float> series = x * (((square * (2f / 15)) - Vector512.Create(1f / 3)) * square + Vector512<float>.One);
            Vector512<float> whole = (Vectors.Sigmoid(x + x) * 2f) - Vector512<float>.One;
            return Vector512.ConditionalSelect(Vector512.LessThan(square, Vector512.Create(0.003f)), series, whole);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Slope(Vector512<float> y) => Vector512<float>.One - (y * y);
    }

    private readonly struct Elu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> x)
        {
            // e^x − 1 cancels near 0; there its series is exact to the last bits.
            Vector512<float> negative = Vector512.Min(x, Vector512<float>.Zero);
            Vector512<float> series = (((negative * (1f / 24)) + Vector512.Create(1f / 6)) * negative) + Vector512.Create(0.5f);
            series = ((series * negative) + Vector512<float>.One) * negative;
            Vector512<float> whole = Vector512.Exp(negative) - Vector512<float>.One;
            Vector512<float> below = Vector512.ConditionalSelect(Vector512.GreaterThan(negative, Vector512.Create(-0.05f)), series, whole);
            return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, below);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Slope(Vector512<float> y) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(y, Vector512<float>.Zero), Vector512<float>.One, y + Vector512<float>.One);
    }

    private readonly struct Softplus : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> x) => Vectors.Softplus(x);

        // σ(x) = 1 − e^−y; below y = 0.03 by its series, which does not cancel.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Slope(Vector512<float> y)
        {
            Vector512<float> series = y * ((((y * (1f / 6)) - Vector512.Create(0.5f)) * y) + Vector512<float>.One);
            Vector512<float> whole = Vector512<float>.One - Vector512.Exp(-y);
            return Vector512.ConditionalSelect(Vector512.LessThan(y, Vector512.Create(0.03f)), series, whole);
        }
    }
}

/// <summary>y = h ⊙ σ(g), where a row holds h and then g, each of half its length.</summary>
internal static class GateKernel
{
    /// <summary>Adds the biases to both halves, turns g into its gate σ(g), and multiplies.</summary>
    /// <param name="rows">[N, 2F]: h and g become h + b and σ(g + b).</param>
    /// <param name="bias">[2F].</param>
    /// <param name="values">y, [N, F].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(Span<float> rows, ReadOnlySpan<float> bias, Span<float> values)
    {
        int width = bias.Length / 2;
        ReadOnlySpan<float> biasH = bias[..width];
        ReadOnlySpan<float> biasG = bias[width..];
        for (int start = 0; start < values.Length; start += width)
        {
            Span<float> h = rows.Slice(2 * start, width);
            Span<float> g = rows.Slice((2 * start) + width, width);
            Span<float> y = values.Slice(start, width);
            for (int i = 0; i < width; i += Vectors.Width)
            {
                Vector512<float> whole = Vectors.Load(h, i) + Vectors.Load(biasH, i);
                Vector512<float> gate = Vectors.Sigmoid(Vectors.Load(g, i) + Vectors.Load(biasG, i));
                Vectors.Store(whole, h, i);
                Vectors.Store(gate, g, i);
                Vectors.Store(whole * gate, y, i);
            }
        }
    }

    /// <summary>h ← (h + b) ⊙ σ(g + c), without a trace of what a gradient would need.</summary>
    /// <param name="h">[N, F].</param>
    /// <param name="g">[N, F].</param>
    /// <param name="biasH">b, [F].</param>
    /// <param name="biasG">c, [F].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Span<float> h, ReadOnlySpan<float> g, ReadOnlySpan<float> biasH, ReadOnlySpan<float> biasG)
    {
        int width = biasH.Length;
        for (int start = 0; start < h.Length; start += width)
        {
            Span<float> row = h.Slice(start, width);
            ReadOnlySpan<float> gates = g.Slice(start, width);
            for (int i = 0; i < width; i += Vectors.Width)
            {
                Vector512<float> gate = Vectors.Sigmoid(Vectors.Load(gates, i) + Vectors.Load(biasG, i));
                Vectors.Store((Vectors.Load(row, i) + Vectors.Load(biasH, i)) * gate, row, i);
            }
        }
    }

    /// <summary>The gradient with respect to h and g from that with respect to y.</summary>
    /// <param name="gradient">∂/∂y, [N, F].</param>
    /// <param name="rows">h and σ(g) of the forward pass, [N, 2F]; they are replaced by ∂/∂h and ∂/∂g.</param>
    /// <param name="width">F.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ReadOnlySpan<float> gradient, Span<float> rows, int width)
    {
        for (int start = 0; start < gradient.Length; start += width)
        {
            ReadOnlySpan<float> d = gradient.Slice(start, width);
            Span<float> h = rows.Slice(2 * start, width);
            Span<float> g = rows.Slice((2 * start) + width, width);
            for (int i = 0; i < width; i += Vectors.Width)
            {
                Vector512<float> outer = Vectors.Load(d, i);
                Vector512<float> gate = Vectors.Load(g, i);
                Vector512<float> throughGate = outer * gate;
                Vectors.Store(throughGate * (Vector512<float>.One - gate) * Vectors.Load(h, i), g, i);
                Vectors.Store(throughGate, h, i);
            }
        }
    }
}
