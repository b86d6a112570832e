namespace Vae.Core.Training.Optimizers;

/// <summary>The arithmetic in which a rule is written: on sixteen numbers in a register, or on a whole tensor.</summary>
internal interface INumbers<T>
    where T : struct, INumbers<T>
{
    static abstract T Of(double value);
    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);
    static abstract T Sqrt(T a);
    static abstract T Abs(T a);
    static abstract T Max(T a, T b);
}

/// <summary>Weights with their gradients and what is kept of each, some at a time.</summary>
internal interface IWeights<T>
    where T : struct, INumbers<T>
{
    int Count { get; }
    T Gradient(int i);
    T First(int i);
    T Second(int i);
    void KeepFirst(int i, T value);
    void KeepSecond(int i, T value);

    /// <summary>weight ← weight · factor − step.</summary>
    void Update(int i, T factor, T step);
}

/// <summary>
/// What an optimizer does to each weight. The formulas, and the names of what is kept, are those of the tensor library's optimizers, so a
/// checkpoint does not tell by which a run was trained.
/// </summary>
/// <param name="stateNames">The names of what is kept for each weight; two at most.</param>
internal abstract class UpdateRule(params string[] stateNames)
{
    public IReadOnlyList<string> StateNames => stateNames;

    /// <summary>Works out what all weights of an update have in common; the first is step 1.</summary>
    public abstract void Prepare(long step, double learningRate);

    /// <summary>Updates weights. What does not change in the loop stands in locals, which the compiler keeps in registers.</summary>
    public abstract void Apply<TWeights, T>(TWeights weights)
        where TWeights : IWeights<T>, allows ref struct
        where T : struct, INumbers<T>;

    /// <summary>
    /// Updates weights in one pass over memory, all [n], from scaled gradients. What is kept first and second is empty where it is not.
    /// </summary>
    public void Apply(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, float scale) =>
        Apply<WeightsInMemory, VectorNumbers>(new WeightsInMemory(weights, gradients, first, second, scale));

    /// <summary>Updates weights wherever they are and of whatever type, all [n].</summary>
    public void Apply(Tensor weights, Tensor gradients, IReadOnlyList<Tensor> state)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Apply<WeightTensors, TensorNumbers>(new WeightTensors(weights, gradients, state));
    }
}

// What is kept of weights whose gradient is 0 for long, those of pixels that are always black, goes down to 0 and not to subnormal numbers,
// which would slow every later update.
internal readonly ref struct WeightsInMemory(
    Span<float> weights, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, float scale) : IWeights<VectorNumbers>
{
    private const MethodImplOptions Inlined = MethodImplOptions.AggressiveInlining;

    private readonly Span<float> _weights = weights;
    private readonly ReadOnlySpan<float> _gradients = gradients;
    private readonly Span<float> _first = first;
    private readonly Span<float> _second = second;
    private readonly float _scale = scale;

    public int Count => (_weights.Length + Vectors.Width - 1) / Vectors.Width;

    [MethodImpl(Inlined)] public VectorNumbers Gradient(int i) => new(Vectors.Load(_gradients, i * Vectors.Width) * _scale);
    [MethodImpl(Inlined)] public VectorNumbers First(int i) => new(Vectors.Load(_first, i * Vectors.Width));
    [MethodImpl(Inlined)] public VectorNumbers Second(int i) => new(Vectors.Load(_second, i * Vectors.Width));
    [MethodImpl(Inlined)] public void KeepFirst(int i, VectorNumbers value) => Keep(_first, i, value);
    [MethodImpl(Inlined)] public void KeepSecond(int i, VectorNumbers value) => Keep(_second, i, value);
    [MethodImpl(Inlined)]
    private static void Keep(Span<float> kept, int i, VectorNumbers value) =>
        Vectors.Store(Vectors.WithoutSubnormals(value.Vector), kept, i * Vectors.Width);
    [MethodImpl(Inlined)]
    public void Update(int i, VectorNumbers factor, VectorNumbers step) => Vectors.Store(
        (Vectors.Load(_weights, i * Vectors.Width) * factor.Vector) - step.Vector, _weights, i * Vectors.Width);
}

internal readonly struct VectorNumbers(Vector512<float> vector) : INumbers<VectorNumbers>
{
    private const MethodImplOptions Inlined = MethodImplOptions.AggressiveInlining;

    public readonly Vector512<float> Vector = vector;

    [MethodImpl(Inlined)] public static VectorNumbers Of(double value) => new(Vector512.Create((float)value));
    [MethodImpl(Inlined)] public static VectorNumbers operator +(VectorNumbers a, VectorNumbers b) => new(a.Vector + b.Vector);
    [MethodImpl(Inlined)] public static VectorNumbers operator -(VectorNumbers a, VectorNumbers b) => new(a.Vector - b.Vector);
    [MethodImpl(Inlined)] public static VectorNumbers operator *(VectorNumbers a, VectorNumbers b) => new(a.Vector * b.Vector);
    [MethodImpl(Inlined)] public static VectorNumbers operator /(VectorNumbers a, VectorNumbers b) => new(a.Vector / b.Vector);
    [MethodImpl(Inlined)] public static VectorNumbers Sqrt(VectorNumbers a) => new(Vector512.Sqrt(a.Vector));
    [MethodImpl(Inlined)] public static VectorNumbers Abs(VectorNumbers a) => new(Vector512.Abs(a.Vector));
    [MethodImpl(Inlined)] public static VectorNumbers Max(VectorNumbers a, VectorNumbers b) => new(Vector512.Max(a.Vector, b.Vector));
}

internal readonly struct WeightTensors(Tensor weights, Tensor gradients, IReadOnlyList<Tensor> state) : IWeights<TensorNumbers>
{
    public int Count => 1;
    public TensorNumbers Gradient(int i) => new(gradients);
    public TensorNumbers First(int i) => new(state[0]);
    public TensorNumbers Second(int i) => new(state[1]);
    public void KeepFirst(int i, TensorNumbers value) => state[0].copy_(value.Tensor);
    public void KeepSecond(int i, TensorNumbers value) => state[1].copy_(value.Tensor);
    public void Update(int i, TensorNumbers factor, TensorNumbers step) => weights.mul_(factor.Tensor).sub_(step.Tensor);
}

internal readonly record struct TensorNumbers(Tensor Tensor) : INumbers<TensorNumbers>
{
    public static TensorNumbers Of(double value) => new(tensor(value)); // without a dimension it changes no type, and goes to any device
    public static TensorNumbers operator +(TensorNumbers a, TensorNumbers b) => new(a.Tensor + b.Tensor);
    public static TensorNumbers operator -(TensorNumbers a, TensorNumbers b) => new(a.Tensor - b.Tensor);
    public static TensorNumbers operator *(TensorNumbers a, TensorNumbers b) => new(a.Tensor * b.Tensor);
    public static TensorNumbers operator /(TensorNumbers a, TensorNumbers b) => new(a.Tensor / b.Tensor);
    public static TensorNumbers Sqrt(TensorNumbers a) => new(a.Tensor.sqrt());
    public static TensorNumbers Abs(TensorNumbers a) => new(a.Tensor.abs());
    public static TensorNumbers Max(TensorNumbers a, TensorNumbers b) => new(a.Tensor.maximum(b.Tensor));
}
