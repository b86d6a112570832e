using Vae.Core.Engine;

namespace Vae.Core.Training.Fused;

/// <summary>An optimizer over flat parameters, in one pass over memory, as a whole or piece by piece from several threads.</summary>
internal sealed class FusedOptimizer : ModelOptimizer
{
    private readonly FlatParameters _parameters;
    private readonly UpdateRule _rule;
    private readonly FloatBuffer[] _state;
    private readonly (string Name, Tensor Value)[] _views;

    /// <summary>Starts from a state of zeros.</summary>
    /// <param name="parameters">The weights and where their gradients will be.</param>
    /// <param name="rule">What is done to each.</param>
    public FusedOptimizer(FlatParameters parameters, UpdateRule rule)
    {
        _parameters = parameters;
        _rule = rule;
        _state = [.. rule.StateNames.Select(_ => new FloatBuffer(parameters.Values.Values.Length))];
        _views = [.. rule.StateNames.SelectMany((name, i) => parameters.Views(_state[i]).Select(view => ($"{name}.{view.Name}", view.Value)))];
    }

    /// <summary>The limit of the gradients' common Euclidean norm (Pascanu et al. 2013); 0 for none.</summary>
    public double GradientClip { get; init; }

    /// <inheritdoc/>
    public override double LearningRate { get; set; }

    /// <inheritdoc/>
    public override long StepCount { get; set; }

    /// <summary>The gradients beside the weights, by the parameters' names; the caller disposes of the tensors.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Gradients() => _parameters.Views(_parameters.Gradients);

    /// <inheritdoc/>
    public override void ZeroGradient() => _parameters.Gradients.Values.Clear();

    /// <inheritdoc/>
    public override void Step()
    {
        Begin();
        Update(0, _parameters.Values.Values.Length, ClipFactor(Vectors.SumOfSquares(_parameters.Gradients.Values)));
    }

    /// <summary>Begins an update; the pieces may then be updated in any order, each once.</summary>
    public void Begin() => _rule.Prepare(++StepCount, LearningRate);

    /// <summary>The factor on gradients that brings their norm to the limit; 1 where they are within.</summary>
    /// <param name="sumOfSquares">Of all gradients.</param>
    public float ClipFactor(double sumOfSquares)
    {
        double factor = GradientClip / (Math.Sqrt(sumOfSquares) + Training.GradientClip.Margin);
        return GradientClip > 0 && !(factor >= 1) ? (float)factor : 1;
    }

    /// <summary>Updates the weights of a piece from the gradients beside them.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="scale">Factor on the gradients.</param>
    public void Update(int start, int length, float scale) => Update(start, _parameters.Gradients.Slice(start, length), scale);

    /// <summary>Updates the weights of a piece.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="gradients">Of its weights, as many as it is long.</param>
    /// <param name="scale">Factor on the gradients.</param>
    public void Update(int start, ReadOnlySpan<float> gradients, float scale) => _rule.Apply(
        _parameters.Values.Slice(start, gradients.Length),
        gradients,
        _state.Length > 0 ? _state[0].Slice(start, gradients.Length) : default,
        _state.Length > 1 ? _state[1].Slice(start, gradients.Length) : default,
        scale);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Value)> State() => _views;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Array.ForEach(_views, view => view.Value.Dispose());
            Array.ForEach(_state, buffer => buffer.Dispose());
            _parameters.Dispose();
        }
    }
}
