using Vae.Core.Checkpoints;

namespace Vae.Core.Training;

/// <summary>
/// Adds up what the steps of an epoch gave, in float64 and in the order of the steps. On a GPU each reading waits for the device, so that
/// the figures of all steps since the last one are read when somebody asks for them.
/// </summary>
internal sealed class StepTotals(bool readAtOnce) : IDisposable
{
    // No reporting interval has so many steps; they are read all the same before their tensors take memory worth mentioning.
    private const int PendingLimit = 10_000;
    private readonly List<(Tensor Sums, int Count, int Epoch, long Step)> _pending = [];

    /// <summary>Takes over one step's sums.</summary>
    /// <returns>The progress with every step read so far added.</returns>
    public TrainingProgress Add(TrainingProgress progress, StepSums sums, int count, int epoch, long step)
    {
        if (sums.Pending is not { } pending)
        {
            return Add(progress, sums, count, new StepPlace(epoch, step));
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

        float[] values;
        using (NewDisposeScope())
        {
            values = stack(_pending.Select(step => step.Sums)).cpu().data<float>().ToArray(); // [steps, 3]
        }

        for (int i = 0; i < _pending.Count; i++)
        {
            StepSums sums = new(values[3 * i], values[(3 * i) + 1], values[(3 * i) + 2]);
            progress = Add(progress, sums, _pending[i].Count, new StepPlace(_pending[i].Epoch, _pending[i].Step));
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

    private static TrainingProgress Add(TrainingProgress progress, StepSums sums, int count, StepPlace place)
    {
        // The parts are looked at before the loss, which is not finite whenever one of them is.
        ThrowIfNotFinite(sums.Reconstruction, "reconstruction term", place);
        ThrowIfNotFinite(sums.Kl, "KL term", place);
        ThrowIfNotFinite(sums.Loss, "loss", place);
        return progress with
        {
            Images = progress.Images + count,
            LossSum = progress.LossSum + sums.Loss,
            ReconstructionSum = progress.ReconstructionSum + sums.Reconstruction,
            KlSum = progress.KlSum + sums.Kl,
        };
    }

    private static void ThrowIfNotFinite(double sum, string term, StepPlace place)
    {
        if (!double.IsFinite(sum))
        {
            throw new DivergenceException(place.Epoch, place.Step, term, sum);
        }
    }

    private readonly record struct StepPlace(int Epoch, long Step);
}
