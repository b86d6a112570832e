using Vae.Core.Runs;
using Vae.Core.Distributions;

namespace Vae.Core.Composition;

/// <summary>The mixture that `fit-prior` adds to a checkpoint, as a density.</summary>
internal static class FittedPrior
{
    private const string LogWeights = "log_weights";
    private const string Means = "means";
    private const string LogVariances = "log_variances";

    /// <summary>Adds the mixture to a checkpoint, in float32.</summary>
    /// <exception cref="VaeException">OutputUnwritable or InputOutput.</exception>
    public static void Write(string checkpoint, GaussianMixtureDensity mixture) => CheckpointFile.AddFittedPrior(
        checkpoint,
        [
            (LogWeights, mixture.LogWeights.to_type(ScalarType.Float32)),
            (Means, mixture.Means.to_type(ScalarType.Float32)),
            (LogVariances, mixture.LogVariances.to_type(ScalarType.Float32)),
        ]);

    /// <summary>The mixture of a loaded model's checkpoint, on the model's device.</summary>
    /// <exception cref="VaeException">MissingInput where there is none, BadData where it does not fit the model.</exception>
    public static GaussianMixtureDensity Read(LoadedModel loaded)
    {
        CheckpointFile file = loaded.File;
        if (!file.HasFittedPrior)
        {
            throw new VaeException(FailureKind.MissingInput, $"{loaded.Path}: has no fitted prior; make one with `vae fit-prior`");
        }

        GaussianMixtureDensity mixture = new(
            file.FittedPriorTensor(LogWeights, 1).to(loaded.Device.Device),
            file.FittedPriorTensor(Means, 2).to(loaded.Device.Device),
            file.FittedPriorTensor(LogVariances, 2).to(loaded.Device.Device));
        long[] shape = [mixture.LogWeights.shape[0], loaded.Model.Latent];
        if (shape[0] == 0 || !mixture.Means.shape.SequenceEqual(shape) || !mixture.LogVariances.shape.SequenceEqual(shape))
        {
            throw new VaeException(FailureKind.BadData, $"{loaded.Path}: the fitted prior is damaged: its tensors do not fit the model's {shape[1]} latents");
        }

        return mixture;
    }
}
