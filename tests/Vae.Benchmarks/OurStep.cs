using TorchSharp;
using Vae.Core.Composition;
using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using Vae.Core.Training;
using static TorchSharp.torch;

namespace Vae.Benchmarks;

/// <summary>
/// Training steps as <see cref="TrainingRun"/> does them: the order of the images, their loading and binarization, the update, and reading its
/// figures. What a run does beside its steps is left out.
/// </summary>
internal sealed class OurStep : IDisposable
{
    private readonly VariationalAutoencoder _model;
    private readonly ModelOptimizer _optimizer;
    private readonly TrainStep _step;
    private readonly BatchLoader _loader;
    private readonly TrainConfiguration _train;
    private readonly bool _isCpu;
    private int[] _order = [];
    private int _place;
    private int _epoch;
    private long _steps;

    public OurStep(VaeConfiguration configuration, ImageSet images, ComputeDevice device)
    {
        _train = configuration.Train;
        _isCpu = device.IsCpu;
        Threads = EngineThreads.Use(null);
        _model = ModelFactory.Build(configuration.Model, images.Shape, _train.Seed, images).to(device.Device);
        _optimizer = OptimizerFactory.Build(_train, _model);
        int stepsPerEpoch = BatchOrder.BatchCount(images.Count, _train.BatchSize);
        Objective objective = ObjectiveFactory.Build(configuration.Objective, stepsPerEpoch, images.Count);
        RandomStream noise = new((ulong)_train.Seed, RandomPurpose.PosteriorNoise);
        _step = new AutogradTrainStep(_model, objective, _optimizer, noise, device.Device);
        _loader = new BatchLoader(images, DataFactory.TrainingTransform(configuration.Data, _model.Likelihood.Target, _train.Seed), device.Device);
    }

    /// <summary>Threads inside operators, or workers.</summary>
    public int Threads { get; }

    /// <summary>The loss of the last step, in nats per image.</summary>
    public double Loss { get; private set; }

    /// <summary>So many updates, each on a whole batch.</summary>
    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            int[] indices = NextIndices();
            using DisposeScope scope = NewDisposeScope();
            ImageBatch batch = _loader.Load(indices, _epoch);
            Tensor sums = _step.Run(batch, _epoch, _steps++); // [3]
            if (_isCpu || i == steps - 1)
            {
                Loss = sums.cpu().data<float>()[0] / indices.Length; // on a GPU this waits for all that is under way
            }
        }

        if (!double.IsFinite(Loss))
        {
            throw new InvalidOperationException("the loss is not finite: these steps measure nothing");
        }
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
    }

    private int[] NextIndices()
    {
        if (_place + _train.BatchSize > _order.Length)
        {
            _order = BatchOrder.Permutation((ulong)_train.Seed, ++_epoch, _loader.Images.Count);
            _place = 0;
        }

        int[] indices = _order[_place..(_place + _train.BatchSize)];
        _place += _train.BatchSize;
        return indices;
    }
}
