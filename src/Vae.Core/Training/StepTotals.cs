using Vae.Core.Checkpoints;
using static TorchSharp.torch;

namespace Vae.Core.Training;

/// <summary>
/// Adds up what the steps of an epoch gave, in float64 and in the order of the steps. On a GPU it reads many steps at once, since each
/// reading waits for the device.
/// </summary>
internal sealed class StepTotals(bool readAtOnce) : IDisposable
{
    private const int PendingLimit = 50;
    private static readonly string[] Terms = ["loss", "reconstruction term", "KL term"];
    private readonly List<(Tensor Sums, int Count, int Epoch, long Step)> _pending = [];

    /// <summary>Takes over one step's sums ([3]: loss, reconstruction, KL).</summary>
    /// <returns>The progress with every step read so far added.</returns>
    public TrainingProgress Add(TrainingProgress progress, Tensor sums, int count, int epoch, long step)
    {
        _pending.Add((sums, count, epoch, step));
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
            ReadOnlySpan<float> sums = values.AsSpan(3 * i, 3);
            ThrowIfNotFinite(sums, _pending[i].Epoch, _pending[i].Step);
            progress = progress with
            {
                Images = progress.Images + _pending[i].Count,
                LossSum = progress.LossSum + sums[0],
                ReconstructionSum = progress.ReconstructionSum + sums[1],
                KlSum = progress.KlSum + sums[2],
            };
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

    // The parts are looked at before the loss, which is not finite whenever one of them is.
    private static void ThrowIfNotFinite(ReadOnlySpan<float> sums, int epoch, long step)
    {
        foreach (int term in (ReadOnlySpan<int>)[1, 2, 0])
        {
            if (!float.IsFinite(sums[term]))
            {
                throw new DivergenceException(epoch, step, Terms[term], sums[term]);
            }
        }
    }
}
