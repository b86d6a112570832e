using System.Numerics.Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Vae.Core.Training;

/// <summary>
/// Adds up what the steps of an epoch gave, in float64 and in the order of the steps. On a GPU each reading waits for the device, so that
/// the figures of all steps since the last one are read when somebody asks for them.
/// </summary>
/// <param name="figures">The model's own figures, whose sums follow those of <see cref="Figure.Common"/>.</param>
/// <param name="readAtOnce">Whether reading waits for nobody.</param>
internal sealed class StepTotals(IReadOnlyList<Figure> figures, bool readAtOnce) : IDisposable
{
    // No reporting interval has so many steps; they are read all the same before their tensors take memory worth mentioning.
    private const int PendingLimit = 10_000;
    private readonly Figure[] _figures = [.. Figure.Common, .. figures];
    private readonly List<(Tensor Sums, int Count, int Epoch, long Step)> _pending = [];

    /// <summary>Takes over one step's sums.</summary>
    /// <returns>The progress with every step read so far added.</returns>
    public TrainingProgress Add(TrainingProgress progress, StepSums sums, int count, int epoch, long step)
    {
        if (sums.Pending is not { } pending)
        {
            return AddKnown(progress, sums, count, epoch, step);
        }

        _pending.Add((pending, count, epoch, step));
        return readAtOnce || _pending.Count >= PendingLimit ? Read(progress) : progress;
    }

    /// <summary>Reads what is pending.</summary>
    /// <exception cref="DivergenceException">At the first term that is not finite.</exception>
    public TrainingProgress Read(TrainingProgress progress)
    {
        if (_pending.Count == 0)
        {
            return progress;
        }

        double[] values;
        using (NewDisposeScope())
        {
            values = stack(_pending.Select(step => step.Sums)).to_type(ScalarType.Float64).cpu().data<double>().ToArray(); // [steps, sums]
        }

        int length = values.Length / _pending.Count;
        for (int i = 0; i < _pending.Count; i++)
        {
            (_, int count, int epoch, long step) = _pending[i];
            progress = AddKnown(progress, StepSums.Of(values.AsMemory(i * length, length)), count, epoch, step);
        }

        Dispose();
        return progress;
    }

    /// <summary>Forgets what is pending.</summary>
    public void Dispose()
    {
        _pending.ForEach(step => step.Sums.Dispose());
        _pending.Clear();
    }

    private TrainingProgress AddKnown(TrainingProgress progress, StepSums step, int count, int epoch, long number)
    {
        // The parts are looked at before the loss, which is not finite whenever one of them is.
        ThrowIfNotFinite(step.Reconstruction, "reconstruction term", epoch, number);
        ThrowIfNotFinite(step.Kl, "KL term", epoch, number);
        ThrowIfNotFinite(step.Loss, "loss", epoch, number);
        ReadOnlySpan<double> values = [step.Loss, step.Reconstruction, step.Kl, .. step.Further.Span];
        Dictionary<string, double[]> sums = new(_figures.Length);
        foreach (Figure figure in _figures)
        {
            double[] total = progress.Sums.TryGetValue(figure.Name, out double[]? before) ? [.. before] : new double[figure.Length];
            TensorPrimitives.Add(total, values[..total.Length], total);
            sums.Add(figure.Name, total);
            values = values[total.Length..];
        }

        return progress with { Images = progress.Images + count, Sums = sums };
    }

    private static void ThrowIfNotFinite(double sum, string term, int epoch, long step)
    {
        if (!double.IsFinite(sum))
        {
            throw new DivergenceException(epoch, step, term, sum);
        }
    }
}

/// <summary>Training produced a value that is not finite. The message names the epoch, the step and the term.</summary>
internal sealed class DivergenceException(int epoch, long step, string term, double value) : VaeException(
    FailureKind.Diverged,
    string.Create(CultureInfo.InvariantCulture, $"training diverged in epoch {epoch} at step {step}: the {term} is {value}"));
