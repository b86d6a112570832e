using TorchSharp;
using Vae.Core.Composition;
using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Data.Sources;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using static TorchSharp.torch;

namespace Vae.Core.Tests.Support;

/// <summary>Builds a training step for a model.</summary>
internal delegate StepParts StepBuilder(
    TrainConfiguration train, VariationalAutoencoder model, Objective objective, BatchLoader loader, ComputeDevice device);

/// <summary>A model of a few images with the step that trains it.</summary>
internal sealed class StepSubject : IDisposable
{
    private static readonly ImageSet Images = new DigitsSource { TrainCount = 24, TestCount = 1 }.Load(DatasetPart.Train, new DataLoadContext());

    public StepSubject(VaeConfiguration configuration, StepBuilder build, ScalarType type = ScalarType.Float32)
    {
        Model = ModelFactory.Build(configuration.Model, Images.Shape, configuration.Train.Seed, Images);
        PixelTransform transform = DataFactory.TrainingTransform(configuration.Data, Model.Likelihood.Target, configuration.Train.Seed);
        ModelFactory.InitializeFromData(configuration.Model, Model, Images, transform);
        Model.to(type);
        Objective objective = ObjectiveFactory.Build(configuration.Objective, stepsPerEpoch: 3, Images.Count);
        Parts = build(configuration.Train, Model, objective, new BatchLoader(Images, transform, CPU), new ComputeDevice(CPU, "a test"));
    }

    public VariationalAutoencoder Model { get; }

    public StepParts Parts { get; }

    /// <summary>The step that a run takes.</summary>
    public static StepParts Fastest(
        TrainConfiguration train, VariationalAutoencoder model, Objective objective, BatchLoader loader, ComputeDevice device) =>
        StepFactory.Build(train, model, objective, loader, device);

    public static float[] Numbers(Tensor tensor)
    {
        using Tensor plain = tensor.detach().to_type(ScalarType.Float32).contiguous();
        return plain.data<float>().ToArray();
    }

    public Dictionary<string, float[]> Weights() => Model.named_parameters().ToDictionary(pair => pair.name, pair => Numbers(pair.parameter));

    /// <summary>What the optimizer keeps, by name.</summary>
    public Dictionary<string, float[]> OptimizerState() => Parts.Optimizer.State().ToDictionary(entry => entry.Name, entry => Numbers(entry.Value));

    /// <summary>So many updates on the first images, of sizes that change.</summary>
    public void Train(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Parts.Step.Run([.. Enumerable.Range(step % 10, step % 3 == 0 ? 5 : 9)], 1 + (step / 5), step).Pending?.Dispose();
        }
    }

    public void Dispose()
    {
        Parts.Dispose();
        Model.Dispose();
    }
}
