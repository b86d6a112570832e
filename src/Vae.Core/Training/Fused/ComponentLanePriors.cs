using System.Runtime.Intrinsics;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Priors;

namespace Vae.Core.Training.Fused;

/// <summary>A lane's part of a prior with components, whatever these come from.</summary>
internal abstract class ComponentLanePrior : LanePrior
{
    private readonly MixtureComponents.Rows _rows;
    private MixtureComponents.Rows[] _allRows = [];

    /// <summary>Takes memory.</summary>
    /// <param name="model">The layout.</param>
    /// <param name="first">The lane's first component.</param>
    /// <param name="end">The component after its last.</param>
    /// <param name="rows">Draws of the lane.</param>
    protected ComponentLanePrior(FusedModel model, int first, int end, int rows)
    {
        Model = model;
        First = first;
        End = end;
        Components = model.Components!;
        _rows = Components.NewRows(rows);
    }

    /// <summary>The layout.</summary>
    protected FusedModel Model { get; }

    /// <summary>The components of all lanes.</summary>
    protected MixtureComponents Components { get; }

    /// <summary>The lane's first component.</summary>
    protected int First { get; }

    /// <summary>The component after the lane's last.</summary>
    protected int End { get; }

    public override void Join(LanePrior[] lanes) => _allRows = [.. lanes.Select(lane => ((ComponentLanePrior)lane)._rows)];

    public override void Score(ReadOnlySpan<float> latents, Span<double> logProbabilities) => _rows.Forward(latents, logProbabilities);

    public override void AddGradient(ReadOnlySpan<float> weights, ReadOnlySpan<float> latents, Span<float> gradient) =>
        _rows.Backward(weights, gradient);

    public override void Dispose()
    {
        _rows.Dispose();
        base.Dispose();
    }

    /// <summary>Adds up what all lanes' draws say of a component.</summary>
    /// <returns>The gradient with respect to its log-weight, as if that were free.</returns>
    protected double Reduce(int component) => Components.Reduce(component, _allRows);
}

/// <summary>A lane's pseudo-inputs.</summary>
internal sealed class VampLanePrior : ComponentLanePrior
{
    private readonly RowChain _chain;
    private readonly TensorBuffer<float> _values;
    private readonly TensorBuffer<float> _gradients;

    /// <summary>Takes views.</summary>
    public VampLanePrior(FusedModel model, VampPrior prior, int first, int end, int rows)
        : base(model, first, end, rows)
    {
        _chain = new RowChain(model.Encoder, first, end, model.PseudoInputGradient);
        _values = model.Parameters.Values;
        _gradients = model.Parameters.Gradients;
        Piece = (model.Parameters.Offset(prior.PseudoInputs) + (first * model.Pixels), (end - first) * model.Pixels);
    }

    public override IReadOnlyList<(int Start, int Length)> Pieces => [Piece];

    private (int Start, int Length) Piece { get; }

    public override void Prepare()
    {
        ReadOnlySpan<float> pseudoInputs = _values.Slice(Piece.Start, Piece.Length);
        Span<float> rows = Model.Input.Slice(First * Model.Pixels, Piece.Length);
        for (int i = 0; i < rows.Length; i += Vectors.Width)
        {
            Vector512<float> held = Vector512.Min(Vector512.Max(Vectors.Load(pseudoInputs, i), Vector512<float>.Zero), Vector512<float>.One);
            Vectors.Store(held, rows, i);
        }

        _chain.Forward();
        Model.Head.Forward(First, End);
        double logWeight = -Math.Log(Components.Count);
        int latent = Model.Latent;
        for (int c = First; c < End; c++)
        {
            Components.Set(c, logWeight, Model.Head.Mean.Slice(c * latent, latent), Model.Head.LogVariance.Slice(c * latent, latent));
        }
    }

    public override void Reduce()
    {
        int latent = Model.Latent;
        for (int c = First; c < End; c++)
        {
            Reduce(c);
            Model.Head.Backward(c, Components.MeanGradient.Slice(c * latent, latent), Components.LogVarianceGradient.Slice(c * latent, latent));
        }

        _chain.Backward();
        DropClipped(_values.Slice(Piece.Start, Piece.Length), _gradients.Slice(Piece.Start, Piece.Length));
    }

    public override void Dispose()
    {
        _chain.Dispose();
        base.Dispose();
    }

    // A pseudo-input that was clipped has no gradient.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DropClipped(ReadOnlySpan<float> values, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i += Vectors.Width)
        {
            Vector512<float> x = Vectors.Load(values, i);
            Vector512<float> within = Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero) & Vector512.LessThanOrEqual(x, Vector512<float>.One);
            Vectors.Store(Vectors.Load(gradient, i) & within, gradient, i);
        }
    }
}

/// <summary>A lane's components of a learned mixture.</summary>
internal sealed class MixtureLanePrior : ComponentLanePrior
{
    private readonly (int Start, int Length) _means;
    private readonly (int Start, int Length) _logVariances;
    private readonly (int Start, int Length) _logits;
    private readonly float[] _bounded;
    private MixtureLanePrior[] _lanes = [];
    private double _logTotal; // log Σ e^logit, of this step
    private double _weights;

    /// <summary>Finds the parameters.</summary>
    public MixtureLanePrior(FusedModel model, MixturePrior prior, int first, int end, int rows)
        : base(model, first, end, rows)
    {
        int count = end - first;
        _means = (model.Parameters.Offset(prior.Means) + (first * model.Latent), count * model.Latent);
        _logVariances = (model.Parameters.Offset(prior.LogVariances) + (first * model.Latent), count * model.Latent);
        _logits = (model.Parameters.Offset(prior.Logits), Components.Count);
        _bounded = new float[model.Latent];
    }

    public override IReadOnlyList<(int Start, int Length)> Pieces => [_means, _logVariances, (_logits.Start + First, End - First)];

    private ReadOnlySpan<float> Logits => Model.Parameters.Values.Slice(_logits.Start, _logits.Length);

    public override void Join(LanePrior[] lanes)
    {
        base.Join(lanes);
        _lanes = [.. lanes.Cast<MixtureLanePrior>()];
    }

    public override void Prepare()
    {
        _logTotal = LogSumExp(Logits);
        for (int c = First; c < End; c++)
        {
            ReadOnlySpan<float> unbounded = Row(Model.Parameters.Values, _logVariances.Start, c);
            for (int d = 0; d < unbounded.Length; d += Vectors.Width)
            {
                Vectors.Store(Bound(unbounded, d).Value, _bounded, d);
            }

            Components.Set(c, Logits[c] - _logTotal, Row(Model.Parameters.Values, _means.Start, c), _bounded);
        }
    }

    public override void AddGradient(ReadOnlySpan<float> weights, ReadOnlySpan<float> latents, Span<float> gradient)
    {
        base.AddGradient(weights, latents, gradient);
        _weights = 0;
        foreach (float weight in weights)
        {
            _weights += weight;
        }
    }

    public override void Reduce()
    {
        double weights = 0; // Σ of the responsibilities of all components
        foreach (MixtureLanePrior lane in _lanes)
        {
            weights -= lane._weights;
        }

        int latent = Model.Latent;
        for (int c = First; c < End; c++)
        {
            double count = Reduce(c);
            Components.MeanGradient.Slice(c * latent, latent).CopyTo(Row(Model.Parameters.Gradients, _means.Start, c));
            ReadOnlySpan<float> unbounded = Row(Model.Parameters.Values, _logVariances.Start, c);
            ReadOnlySpan<float> toBounded = Components.LogVarianceGradient.Slice(c * latent, latent);
            Span<float> gradient = Row(Model.Parameters.Gradients, _logVariances.Start, c);
            for (int d = 0; d < latent; d += Vectors.Width)
            {
                Vectors.Store(Vectors.Load(toBounded, d) * Bound(unbounded, d).Slope, gradient, d);
            }

            Model.Parameters.Gradients.Values[_logits.Start + c] = (float)(count - (Math.Exp(Logits[c] - _logTotal) * weights));
        }
    }

    private static (Vector512<float> Value, Vector512<float> Slope) Bound(ReadOnlySpan<float> unbounded, int start) => SmoothClampVector.Apply(
        Vectors.Load(unbounded, start),
        Vector512.Create((float)LogVarianceBound.Wide.Minimum),
        Vector512.Create((float)LogVarianceBound.Wide.Maximum));

    private static double LogSumExp(ReadOnlySpan<float> values)
    {
        double largest = double.NegativeInfinity;
        foreach (float value in values)
        {
            largest = Math.Max(largest, value);
        }

        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Exp(value - largest);
        }

        return largest + Math.Log(sum);
    }

    private Span<float> Row(TensorBuffer<float> buffer, int firstOfLane, int component) =>
        buffer.Slice(firstOfLane + ((component - First) * Model.Latent), Model.Latent);
}
