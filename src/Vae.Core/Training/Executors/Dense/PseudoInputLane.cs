using System.Runtime.Intrinsics;
using Vae.Core.Engine;

namespace Vae.Core.Training.Executors.Dense;

/// <summary>A lane's pseudo-inputs.</summary>
internal sealed class PseudoInputLane : LanePrior
{
    private readonly DenseLayout _layout;
    private readonly int _first;
    private readonly int _end;
    private readonly RowChain _chain;
    private readonly MixtureComponents.Rows _rows;
    private readonly float[] _meanGradient;        // of one component, [D]
    private readonly float[] _logVarianceGradient; // [D]
    private MixtureComponents.Rows[] _allRows = [];

    public PseudoInputLane(DenseLayout layout, int worker, int workers, int rows)
    {
        _layout = layout;
        (_first, _end) = WorkerTeam.Share(worker, workers, layout.Components!.Count);
        _chain = new RowChain(layout.Encoder, _first, _end, layout.PseudoInputGradient);
        _rows = new MixtureComponents.Rows(layout.Components, rows, layout.Latent);
        _meanGradient = new float[layout.Latent];
        _logVarianceGradient = new float[layout.Latent];
    }

    public override (int Start, int Length) Piece =>
        (_layout.PseudoInputOffset + (_first * _layout.Pixels), (_end - _first) * _layout.Pixels);

    public override void Join(LanePrior[] lanes) => _allRows = [.. lanes.Cast<PseudoInputLane>().Select(lane => lane._rows)];

    public override void Prepare()
    {
        ReadOnlySpan<float> pseudoInputs = _layout.Parameters.Values.Slice(Piece.Start, Piece.Length);
        Span<float> rows = _layout.Input.Slice(_first * _layout.Pixels, Piece.Length);
        for (int i = 0; i < rows.Length; i += Vectors.Width)
        {
            Vector512<float> held = Vector512.Min(Vector512.Max(Vectors.Load(pseudoInputs, i), Vector512<float>.Zero), Vector512<float>.One);
            Vectors.Store(held, rows, i);
        }

        _chain.Forward();
        _layout.Head.Forward(_first, _end);
        for (int c = _first; c < _end; c++)
        {
            _layout.Components!.Set(c, _layout.Head.Mean(c), _layout.Head.LogVariance(c));
        }
    }

    public override void Score(ReadOnlySpan<float> latents, Span<double> logProbabilities) => _rows.Forward(latents, logProbabilities);

    public override void AddGradient(ReadOnlySpan<float> weights, ReadOnlySpan<float> latents, Span<float> gradient) =>
        _rows.Backward(weights, gradient);

    public override void Reduce()
    {
        for (int c = _first; c < _end; c++)
        {
            _layout.Components!.Reduce(c, _allRows, _meanGradient, _logVarianceGradient);
            _layout.Head.Backward(c, _meanGradient, _logVarianceGradient);
        }

        _chain.Backward();
        DropClipped(
            _layout.Parameters.Values.Slice(Piece.Start, Piece.Length), _layout.Parameters.Gradients.Slice(Piece.Start, Piece.Length));
    }

    public override void Dispose()
    {
        _chain.Dispose();
        _rows.Dispose();
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
