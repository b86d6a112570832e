namespace Vae.Core.Training;

/// <summary>
/// A running average of a model's weights (Polyak and Juditsky 1992, with exponential weights): after update n, counted from 0,
/// average ← d·average + (1 − d)·weight with d = min(decay, (1 + n)/(10 + n)), so that the first weights are soon forgotten. Evaluation and
/// sampling use it; training goes on with the weights themselves.
/// </summary>
public sealed class WeightAverage : IDisposable
{
    private readonly (string Name, Parameter Weight, Tensor Average)[] _entries;
    private readonly double _decay;

    /// <summary>Starts from the model's weights as they are. The model must not move to another device afterwards.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decay">Share of the average that an update leaves, once the run is long enough.</param>
    public WeightAverage(nn.Module model, double decay)
    {
        _decay = decay;
        using IDisposable noGradient = no_grad();
        _entries = [.. model.named_parameters().Select(pair => (pair.name, pair.parameter, Copy(pair.parameter)))];
    }

    /// <summary>The averages' own tensors by the names of their weights. Writing into them restores the state.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State() => [.. _entries.Select(entry => (entry.Name, entry.Average))];

    /// <summary>The decay of an update.</summary>
    /// <param name="update">Updates before it.</param>
    public double DecayAt(long update) => Math.Min(_decay, (1.0 + update) / (10.0 + update));

    /// <summary>Takes in the weights after an update.</summary>
    /// <param name="update">Updates before it since the run began.</param>
    public void Update(long update)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        double decay = DecayAt(update);
        foreach ((_, Parameter weight, Tensor average) in _entries)
        {
            average.mul_(decay).add_(weight, alpha: 1 - decay);
        }
    }

    /// <summary>Puts the averages in the weights' place until the result is disposed of; then the weights are back to the last bit.</summary>
    public IDisposable Use()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor[] kept = [.. _entries.Select(entry => Copy(entry.Weight))];
        foreach ((_, Parameter weight, Tensor average) in _entries)
        {
            weight.copy_(average);
        }

        return new Restoration(_entries, kept);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, _, Tensor average) in _entries)
        {
            average.Dispose();
        }
    }

    private static Tensor Copy(Tensor tensor) => tensor.clone().DetachFromDisposeScope();

    private sealed class Restoration((string Name, Parameter Weight, Tensor Average)[] entries, Tensor[] kept) : IDisposable
    {
        public void Dispose()
        {
            using IDisposable noGradient = no_grad();
            using DisposeScope scope = NewDisposeScope();
            for (int i = 0; i < kept.Length; i++)
            {
                entries[i].Weight.copy_(kept[i]);
                kept[i].Dispose();
            }
        }
    }
}
