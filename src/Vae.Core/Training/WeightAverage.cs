namespace Vae.Core.Training;

/// <summary>
/// A running average of a model's weights (Polyak and Juditsky 1992, with exponential weights): after update n, counted from 0,
/// average ← d·average + (1 − d)·weight with d = min(decay, (1 + n)/(10 + n)), so that the first weights are soon forgotten.
/// Evaluation and sampling use it; training goes on with the weights themselves.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly Tensor _weights;
    private readonly double _decay;
    private readonly TensorBuffer<float> _average;
    private readonly (string Name, Tensor Value)[] _views;

    /// <summary>Starts from the weights as they are.</summary>
    public WeightAverage(FlatParameters parameters, double decay)
    {
        using IDisposable noGradient = no_grad();
        _weights = parameters.Values.Tensor;
        _decay = decay;
        _average = parameters.NewBuffer();
        _average.Tensor.copy_(_weights);
        _views = [.. parameters.Views(_average)];
    }

    /// <summary>The averages' own tensors by the names of their weights. Writing into them restores the state.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State() => _views;

    public double DecayAt(long update) => Math.Min(_decay, (1.0 + update) / (10.0 + update));

    /// <summary>Takes in the weights after an update.</summary>
    /// <param name="update">Updates before it since the run began.</param>
    public void Update(long update)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        double decay = DecayAt(update);
        _average.Tensor.mul_(decay).add_(_weights, alpha: 1 - decay);
    }

    /// <summary>Puts the averages in the weights' place until the result is disposed of.</summary>
    public IDisposable Use()
    {
        using IDisposable noGradient = no_grad();
        KeptTensors kept = new(_weights);
        _weights.copy_(_average.Tensor);
        return kept;
    }

    public void Dispose()
    {
        Array.ForEach(_views, view => view.Value.Dispose());
        _average.Dispose();
    }
}
