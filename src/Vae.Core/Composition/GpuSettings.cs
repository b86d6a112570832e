using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using Vae.Core.Training;
using Vae.Core.Training.Resident;
using static TorchSharp.torch;

namespace Vae.Core.Composition;

/// <summary>What a configuration asks of a GPU, and the updates that keep to it.</summary>
internal static class GpuSettings
{
    /// <summary>Sets the precision of products, and refuses what the device or the tensor library cannot do.</summary>
    /// <param name="train">The configuration.</param>
    /// <param name="device">Where the run computes.</param>
    /// <exception cref="VaeException">Usage for a CPU, Unavailable where the tensor library lacks something.</exception>
    public static void Apply(TrainConfiguration train, ComputeDevice device)
    {
        string precision = ConfigurationName.Of(train.Precision);
        if (device.IsCpu && train.Precision != Precision.Float32)
        {
            throw new VaeException(
                FailureKind.Usage,
                $"train.precision: \"{precision}\" is for a GPU, and the device is {device.Name} ({device.Reason}); use \"float32\"");
        }

        if (device.IsCpu && train.CudaGraphs)
        {
            throw new VaeException(
                FailureKind.Usage, $"train.cuda_graphs: they are for a GPU, and the device is {device.Name} ({device.Reason}); use false");
        }

        if (train.Precision == Precision.Bfloat16 && Acceleration.Autocast.Obstacle(device.Device) is { } noCasts)
        {
            throw new VaeException(FailureKind.Unavailable, $"train.precision: \"{precision}\" cannot be had, {noCasts}; use \"tf32\", or the shim (docs/engines.md)");
        }

        if (train.CudaGraphs && Acceleration.Graphs.Obstacle(device.Device) is { } noGraphs)
        {
            throw new VaeException(FailureKind.Unavailable, $"train.cuda_graphs: they cannot be had, {noGraphs}; use false, or see docs/engines.md");
        }

        if (!device.IsCpu)
        {
            ComputePrecision.AllowTensorFloat32(train.Precision == Precision.Tf32);
        }
    }

    /// <summary>
    /// The optimizer: one whose updates can be recorded where they are to be, the library's otherwise.
    /// </summary>
    /// <param name="train">The configuration.</param>
    /// <param name="model">On its final device.</param>
    /// <exception cref="VaeException">Usage where updates are to be recorded and the rule has no such form.</exception>
    public static ModelOptimizer Optimizer(TrainConfiguration train, VariationalAutoencoder model)
    {
        if (!train.CudaGraphs)
        {
            return OptimizerFactory.Build(train, model);
        }

        return train.Optimizer switch
        {
            AdamWConfiguration adam => Capturable(train, model, adam, adam.WeightDecay),
            AdamConfiguration adam => Capturable(train, model, adam, 0),
            _ => throw new VaeException(
                FailureKind.Usage, "train.cuda_graphs: only updates of \"adam\" and \"adamw\" can be recorded; use false, or another train.optimizer"),
        };
    }

    /// <summary>Updates on the device, or null where the images do not fit there and are sent batch by batch.</summary>
    /// <param name="train">The configuration.</param>
    /// <param name="model">On its final device.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="optimizer">From <see cref="Optimizer"/>.</param>
    /// <param name="images">The training images.</param>
    /// <param name="transform">How pixels become input and target.</param>
    /// <param name="notice">Told of what becomes of the recording.</param>
    /// <exception cref="VaeException">Usage where the configuration asks for what only they can do.</exception>
    public static ResidentTrainStep? Step(
        TrainConfiguration train,
        VariationalAutoencoder model,
        Objective objective,
        ModelOptimizer optimizer,
        ImageSet images,
        PixelTransform transform,
        Action<string> notice)
    {
        if (!ResidentImages.Fit(images, transform))
        {
            return train.Precision != Precision.Bfloat16 && !train.CudaGraphs ? null : throw new VaeException(
                FailureKind.Usage,
                $"train.precision \"bfloat16\" and train.cuda_graphs need images that are kept on the GPU, and {images.Name} is larger than {ResidentImages.LargestBytes >> 30} GiB or both binarized once and dequantized");
        }

        Device device = model.parameters().First().device;
        Func<IDisposable>? casts = train.Precision == Precision.Bfloat16 ? () => Acceleration.Autocast.BFloat16(device) : null;
        Recording? recording = train.CudaGraphs ? new Recording(Acceleration.Graphs, Math.Min(train.BatchSize, images.Count), notice) : null;
        RandomStream noise = new((ulong)train.Seed, RandomPurpose.PosteriorNoise);
        return new ResidentTrainStep(model, objective, optimizer, images, transform, noise, casts, recording);
    }

    private static CapturableAdam Capturable(TrainConfiguration train, VariationalAutoencoder model, AdamFamilyConfiguration adam, double weightDecay) =>
        new(model, new AdamOptions(train.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, weightDecay), train.GradientClip);
}
