using System.Runtime.Intrinsics;
using Vae.Core.Engine;

namespace Vae.Core.Training.Fused;

/// <summary>
/// What an optimizer does to a weight, for many weights in one pass over memory. The formulas, and the names of what is kept, are those of the
/// tensor library's optimizers, so a checkpoint does not tell by which a run was trained; but what is kept of weights whose gradient is 0 for long,
/// those of pixels that are always black, goes down to 0 and not to subnormal numbers, which would slow every later update.
/// </summary>
internal abstract class UpdateRule
{
    /// <summary>The names of what is kept for each weight; two at most.</summary>
    public abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>Works out what all weights of an update have in common.</summary>
    /// <param name="step">Updates done, this one counted.</param>
    /// <param name="learningRate">Step size.</param>
    public abstract void Prepare(long step, double learningRate);

    /// <summary>Updates weights.</summary>
    /// <param name="weights">[n].</param>
    /// <param name="gradients">[n].</param>
    /// <param name="first">What is kept first, [n]; empty where nothing is.</param>
    /// <param name="second">What is kept second, [n]; empty where there is none.</param>
    /// <param name="scale">Factor on the gradients.</param>
    public abstract void Apply(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, float scale);
}

/// <summary>Adam (Kingma and Ba 2015), and AdamW (Loshchilov and Hutter 2019) where weights decay.</summary>
internal sealed class AdamRule(AdamOptions options) : UpdateRule
{
    private readonly float _beta1 = (float)options.Beta1;
    private readonly float _rest1 = (float)(1 - options.Beta1);
    private readonly float _beta2 = (float)options.Beta2;
    private readonly float _rest2 = (float)(1 - options.Beta2);
    private readonly float _epsilon = (float)options.Epsilon;
    private float _keep;
    private float _stepSize;
    private float _rootCorrection;

    public override IReadOnlyList<string> StateNames => ["exp_avg", "exp_avg_sq"];

    public override void Prepare(long step, double learningRate)
    {
        _keep = (float)(1 - (learningRate * options.WeightDecay));
        _stepSize = (float)(learningRate / (1 - Math.Pow(options.Beta1, step)));
        _rootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, step)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, float scale)
    {
        // What does not change stands in registers, since every vector that is stored could be one of the fields for all the compiler knows.
        Vector512<float> factor = Vector512.Create(scale);
        Vector512<float> beta1 = Vector512.Create(_beta1);
        Vector512<float> rest1 = Vector512.Create(_rest1);
        Vector512<float> beta2 = Vector512.Create(_beta2);
        Vector512<float> rest2 = Vector512.Create(_rest2);
        Vector512<float> epsilon = Vector512.Create(_epsilon);
        Vector512<float> keep = Vector512.Create(_keep);
        Vector512<float> stepSize = Vector512.Create(_stepSize);
        Vector512<float> rootCorrection = Vector512.Create(_rootCorrection);
        for (int i = 0; i < weights.Length; i += Vectors.Width)
        {
            Vector512<float> gradient = Vectors.Load(gradients, i) * factor;
            Vector512<float> mean = (Vectors.Load(first, i) * beta1) + (gradient * rest1);
            Vector512<float> square = (Vectors.Load(second, i) * beta2) + (gradient * gradient * rest2);
            Vector512<float> size = (Vector512.Sqrt(square) * rootCorrection) + epsilon;
            Vectors.Store(Vectors.WithoutSubnormals(mean), first, i);
            Vectors.Store(Vectors.WithoutSubnormals(square), second, i);
            Vectors.Store((Vectors.Load(weights, i) * keep) - (mean * stepSize / size), weights, i);
        }
    }
}

/// <summary>Adamax (Kingma and Ba 2015, section 7.1).</summary>
internal sealed class AdamaxRule(AdamOptions options) : UpdateRule
{
    private float _stepSize;

    public override IReadOnlyList<string> StateNames => ["exp_avg", "exp_inf"];

    public override void Prepare(long step, double learningRate) => _stepSize = (float)(learningRate / (1 - Math.Pow(options.Beta1, step)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, float scale)
    {
        float beta1 = (float)options.Beta1;
        float rest1 = (float)(1 - options.Beta1);
        float beta2 = (float)options.Beta2;
        Vector512<float> epsilon = Vector512.Create((float)options.Epsilon);
        for (int i = 0; i < weights.Length; i += Vectors.Width)
        {
            Vector512<float> gradient = Vectors.Load(gradients, i) * scale;
            Vector512<float> mean = (Vectors.Load(first, i) * beta1) + (gradient * rest1);
            Vector512<float> largest = Vector512.Max(Vectors.Load(second, i) * beta2, Vector512.Abs(gradient) + epsilon);
            Vectors.Store(Vectors.WithoutSubnormals(mean), first, i);
            Vectors.Store(largest, second, i);
            Vectors.Store(Vectors.Load(weights, i) - (mean * _stepSize / largest), weights, i);
        }
    }
}

/// <summary>Stochastic gradient descent, with momentum or without.</summary>
/// <param name="momentum">Share of the last step that the next one keeps.</param>
/// <param name="nesterov">Whether the gradient counts where the momentum leads to.</param>
internal sealed class SgdRule(double momentum, bool nesterov) : UpdateRule
{
    private float _stepSize;

    public override IReadOnlyList<string> StateNames => momentum > 0 ? ["momentum_buffer"] : [];

    public override void Prepare(long step, double learningRate) => _stepSize = (float)learningRate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, float scale)
    {
        float kept = (float)momentum;
        for (int i = 0; i < weights.Length; i += Vectors.Width)
        {
            Vector512<float> direction = Vectors.Load(gradients, i) * scale;
            if (kept > 0)
            {
                Vector512<float> velocity = (Vectors.Load(first, i) * kept) + direction;
                Vectors.Store(Vectors.WithoutSubnormals(velocity), first, i);
                direction = nesterov ? direction + (velocity * kept) : velocity;
            }

            Vectors.Store(Vectors.Load(weights, i) - (direction * _stepSize), weights, i);
        }
    }
}
