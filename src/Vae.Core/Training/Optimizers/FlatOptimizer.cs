namespace Vae.Core.Training.Optimizers;

/// <summary>
/// Turns the gradients beside flat parameters into updates of them: in memory in one vectorized pass, as a whole or piece by piece from
/// several threads; elsewhere (on a GPU, in float64) as a whole by the same formula on the flat tensors. It owns the parameters.
/// </summary>
internal sealed class FlatOptimizer : IDisposable
{
    // Added to a norm, against a division by zero; as the library's clip_grad_norm_ has it.
    private const double ClipMargin = 1e-6;

    private readonly UpdateRule _rule;
    private readonly TensorBuffer<float>[] _state;
    private readonly (string Name, Tensor Value)[] _views;

    public FlatOptimizer(FlatParameters parameters, TrainConfiguration train)
    {
        Parameters = parameters;
        LearningRate = train.LearningRate;
        GradientClip = train.GradientClip;
        _rule = train.Optimizer.Rule();
        _state = [.. _rule.StateNames.Select(_ => parameters.NewBuffer())];
        _views = [.. _rule.StateNames.Zip(_state).SelectMany(kept =>
            parameters.Views(kept.Second).Select(view => ($"{kept.First}.{view.Name}", view.Value)))];
    }

    public FlatParameters Parameters { get; }

    /// <summary>The limit of the gradients' common Euclidean norm (Pascanu et al. 2013); 0 for none.</summary>
    public double GradientClip { get; }

    public double LearningRate { get; set; }

    public long StepCount { get; set; }

    /// <summary>
    /// The state's own tensors by name, "exp_avg.encoder.mean.weight" for example. Writing into them restores the state, together with
    /// <see cref="StepCount"/>.
    /// </summary>
    public IReadOnlyList<(string Name, Tensor Value)> State() => _views;

    /// <summary>Begins an update; the pieces may then be updated in any order, each once, or all.</summary>
    public void Begin() => _rule.Prepare(++StepCount, LearningRate);

    /// <summary>Clips the gradients and updates all weights, on the caller's thread.</summary>
    public void UpdateAll()
    {
        if (Parameters.Values.IsInMemory)
        {
            Update(0, Parameters.Gradients.Values, ClipFactor(Vectors.SumOfSquares(Parameters.Gradients.Values)));
            return;
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor gradients = Parameters.Gradients.Tensor;
        if (GradientClip > 0)
        {
            gradients = gradients * (GradientClip / (gradients.norm() + ClipMargin)).clamp_max(1); // the norm never comes to the host
        }

        _rule.Apply(Parameters.Values.Tensor, gradients, [.. _state.Select(buffer => buffer.Tensor)]);
    }

    /// <summary>The factor on gradients that brings their norm to the limit; 1 where they are within.</summary>
    public float ClipFactor(double sumOfSquares)
    {
        double factor = GradientClip / (Math.Sqrt(sumOfSquares) + ClipMargin);
        return GradientClip > 0 && !(factor >= 1) ? (float)factor : 1;
    }

    /// <summary>Updates the weights of a piece from the gradients beside them, times a factor.</summary>
    public void Update(int start, int length, float scale) => Update(start, Parameters.Gradients.Slice(start, length), scale);

    /// <summary>Updates the weights of a piece.</summary>
    public void Update(int start, ReadOnlySpan<float> gradients, float scale) => _rule.Apply(
        Parameters.Values.Slice(start, gradients.Length),
        gradients,
        _state.Length > 0 ? _state[0].Slice(start, gradients.Length) : default,
        _state.Length > 1 ? _state[1].Slice(start, gradients.Length) : default,
        scale);

    public void Dispose()
    {
        Array.ForEach(_views, view => view.Value.Dispose());
        Array.ForEach(_state, buffer => buffer.Dispose());
        Parameters.Dispose();
    }
}
