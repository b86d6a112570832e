using System.Diagnostics;
using System.Text.Json.Nodes;
using TorchSharp.Modules;

namespace Vae.Benchmarks.PlainTorchSharp;

/// <summary>What the peer does again and again.</summary>
internal abstract class PlainWork : IDisposable
{
    protected PlainWork(JsonObject specification)
    {
        Device = device((string)specification["device"]!);
        random.manual_seed(1);
        Model = new PlainVae(specification).to(Device);
        using Tensor bytes = tensor(File.ReadAllBytes((string)specification["pixels"]!), device: Device);
        long pixels = specification["shape"]!.AsArray().Aggregate(1L, (product, side) => product * (long)side!);
        Intensities = bytes.view(-1, pixels).to(ScalarType.Float32).div_(255);
    }

    protected Device Device { get; }

    protected PlainVae Model { get; }

    /// <summary>All images on the device, [N, pixels], from 0 to 1.</summary>
    protected Tensor Intensities { get; }

    /// <summary>The work that a specification names.</summary>
    public static PlainWork For(JsonObject specification) => (string)specification["kind"]! switch
    {
        "training" => new PlainTraining(specification),
        "evaluation" => new PlainEvaluation(specification),
        string kind => throw new NotSupportedException($"no {kind} in plain TorchSharp"),
    };

    /// <summary>So many units: the seconds they took, and the last loss in nats per image.</summary>
    public (double Seconds, double Loss) Run(int units)
    {
        Stopwatch watch = Stopwatch.StartNew();
        double loss = Work(units); // a number, so what a GPU has to do is done
        return (watch.Elapsed.TotalSeconds, loss);
    }

    public virtual void Dispose()
    {
        Model.Dispose();
        Intensities.Dispose();
    }

    protected abstract double Work(int units);
}

/// <summary>Training steps; twin of peers/training.py in its plainest way.</summary>
internal sealed class PlainTraining : PlainWork
{
    // TorchSharp's Adam leaves its scalars to the garbage collector. They lie between pieces of native memory that then cannot be used
    // again, about 2 MB a step at 784-400-20, and take so little managed memory that the collector seldom comes by itself.
    private const int StepsPerCollection = 100;

    private readonly Adam _optimizer;
    private readonly long _batch;
    private readonly int _samples;
    private Tensor? _order; // [N]
    private long _place;
    private long _steps;

    public PlainTraining(JsonObject specification)
        : base(specification)
    {
        bool tensorFloat = (string)specification["precision"]! == "tf32";
        backends.cuda.matmul.allow_tf32 = tensorFloat;
        backends.cudnn.allow_tf32 = tensorFloat;
        _batch = (long)specification["batch"]!;
        _samples = (int)specification["samples"]!;
        _optimizer = optim.Adam(Model.parameters(), lr: (double)specification["learning_rate"]!, eps: (double)specification["epsilon"]!);
    }

    public override void Dispose()
    {
        _order?.Dispose();
        _optimizer.Dispose();
        base.Dispose();
    }

    protected override double Work(int units)
    {
        double last = 0;
        for (int i = 0; i < units; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = Intensities.index_select(0, NextIndices()).bernoulli(); // [B, pixels]
            _optimizer.zero_grad();
            Tensor loss = _samples > 0 ? Model.IwaeLoss(x, _samples) : Model.ElboLoss(x);
            loss.backward();
            _optimizer.step();
            if (++_steps % StepsPerCollection == 0)
            {
                GC.Collect(generation: 0);
            }

            if (i == units - 1)
            {
                last = loss.item<float>();
            }
        }

        return last;
    }

    /// <summary>Places of the next batch, [B]; a new order of all images for each epoch.</summary>
    private Tensor NextIndices()
    {
        if (_order is null || _place + _batch > Intensities.shape[0])
        {
            _order?.Dispose();
            _order = randperm(Intensities.shape[0], device: Device).DetachFromDisposeScope();
            _place = 0;
        }

        _place += _batch;
        return _order.narrow(0, _place - _batch, _batch);
    }
}

/// <summary>log p(x) by importance sampling; twin of peers/evaluation.py in its plainest way.</summary>
internal sealed class PlainEvaluation : PlainWork
{
    private const int LatentsPerChunk = 500;

    private readonly Tensor _targets; // [N, pixels]
    private readonly int _samples;

    public PlainEvaluation(JsonObject specification)
        : base(specification)
    {
        _targets = Intensities.bernoulli();
        _samples = (int)specification["samples"]!;
    }

    public override void Dispose()
    {
        _targets.Dispose();
        base.Dispose();
    }

    protected override double Work(int units)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        // Over and over where there are fewer.
        Tensor x = _targets.index_select(0, arange(units, device: Device).remainder(_targets.shape[0]));
        (Tensor mean, Tensor logVariance) = Model.Encode(x);
        Tensor[] bounds = [.. Enumerable.Range(0, units).Select(i => Bound(x[i], mean[i], logVariance[i]))];
        return -stack(bounds).mean().item<float>();
    }

    /// <summary>The bound of an image [pixels], [].</summary>
    private Tensor Bound(Tensor x, Tensor mean, Tensor logVariance)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor deviation = (0.5 * logVariance).exp();
        List<Tensor> parts = [];
        for (int first = 0; first < _samples; first += LatentsPerChunk)
        {
            Tensor noise = randn(Math.Min(LatentsPerChunk, _samples - first), Model.Latent, device: Device);          // [K, D]
            Tensor z = mean + (deviation * noise);                                                                     // [K, D]
            Tensor logits = Model.Decode(z);                                                                           // [K, pixels]
            Tensor misfit = nn.functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction: nn.Reduction.None);
            parts.Add((0.5 * (noise.square() - z.square() + logVariance).sum(-1L)) - misfit.sum(-1L));                // [K]
        }

        return (cat(parts).logsumexp(0L) - Math.Log(_samples)).MoveToOuterDisposeScope();
    }
}
