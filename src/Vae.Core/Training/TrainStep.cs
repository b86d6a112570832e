using Vae.Core.Data;
using static TorchSharp.torch;

namespace Vae.Core.Training;

/// <summary>
/// One update of the model from one batch. The readable form is <see cref="AutogradTrainStep"/>; faster forms must agree with it.
/// </summary>
public abstract class TrainStep
{
    /// <summary>Does the update.</summary>
    /// <param name="batch">The images.</param>
    /// <param name="epoch">The epoch under way, from 1.</param>
    /// <param name="step">Updates done before this one since the run began.</param>
    /// <returns>Sums over the batch in nats under the weights before the update: loss, reconstruction, KL. [3], on the model's device.</returns>
    public abstract Tensor Run(ImageBatch batch, int epoch, long step);
}
