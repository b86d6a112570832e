namespace Vae.Core.Training;

/// <summary>
/// One update of the model from one batch. The readable form is <see cref="AutogradTrainStep"/>; faster forms must agree with it.
/// </summary>
internal abstract class TrainStep : IDisposable
{
    /// <summary>In one line, how the update is computed: "fused, 2 workers" for example.</summary>
    public abstract string Description { get; }

    /// <summary>Threads that share the work. The results of a number of them are the same bits each time.</summary>
    public abstract int Workers { get; set; }

    /// <summary>Does the update.</summary>
    /// <param name="images">The batch, by index in the training set.</param>
    /// <param name="epoch">The epoch under way, from 1.</param>
    /// <param name="step">Updates done before this one since the run began.</param>
    /// <returns>The batch's figures under the weights before the update.</returns>
    public abstract StepSums Run(ReadOnlySpan<int> images, int epoch, long step);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees buffers and threads.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
