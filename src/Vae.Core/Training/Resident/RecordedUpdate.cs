using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using static TorchSharp.torch;

namespace Vae.Core.Training.Resident;

/// <summary>
/// Whole updates as one recorded piece of work. The first few are done as usual on a side stream, which has the libraries set up what they
/// set up once. Then the update is recorded and tried: two updates by the recording and the same two as usual, from the same state, must give
/// the same figures. Where they do not, where recording fails, and where a batch is not what was recorded or the objective cannot be, updates are
/// done as usual.
/// </summary>
internal sealed class RecordedUpdate : IDisposable
{
    /// <summary>Updates as usual before the recording.</summary>
    public const int WarmUpdates = 3;

    // The order of additions differs between the two; the second update multiplies what differs in the first.
    private const double Tolerance = 1e-3;

    private readonly VariationalAutoencoder _model;
    private readonly Objective _objective;
    private readonly ResidentGradient _gradient;
    private readonly CapturableAdam _optimizer;
    private readonly IStepGraphs _graphs;
    private readonly Device _device;
    private readonly RandomStream _noise;
    private readonly Action<string> _notice;
    private readonly int _batchSize;
    private int _warmed;
    private bool _given;
    private IStepGraph? _graph;
    private Tensor? _indices;   // [B] int64, what the recording reads
    private Tensor? _scheduled; // [], the objective's number that changes with the update; it reads that too
    private Tensor? _sums;      // [3], what it writes

    /// <summary>Prepares to record.</summary>
    /// <param name="model">What learns.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="gradient">The gradient of a batch.</param>
    /// <param name="optimizer">Makes updates of it.</param>
    /// <param name="graphs">What records.</param>
    /// <param name="device">Where the model lives.</param>
    /// <param name="noise">Where the device's draws have their seeds from.</param>
    /// <param name="batchSize">Images in a batch that is worth recording; others are done as usual.</param>
    /// <param name="notice">Told in one line when updates are recorded, or why not.</param>
    public RecordedUpdate(
        VariationalAutoencoder model,
        Objective objective,
        ResidentGradient gradient,
        CapturableAdam optimizer,
        IStepGraphs graphs,
        Device device,
        RandomStream noise,
        int batchSize,
        Action<string> notice)
    {
        _model = model;
        _objective = objective;
        _gradient = gradient;
        _optimizer = optimizer;
        _graphs = graphs;
        _device = device;
        _noise = noise;
        _batchSize = batchSize;
        _notice = notice;
    }

    /// <summary>Does the update.</summary>
    /// <param name="indices">The batch, [B] int64 on the device.</param>
    /// <param name="step">Updates done before.</param>
    /// <returns>Sums over the batch in nats under the weights before the update, [3].</returns>
    public Tensor Run(Tensor indices, long step)
    {
        if (_given || indices.shape[0] != _batchSize || !_objective.IsRecordable)
        {
            return AsUsual(indices, step);
        }

        if (_warmed < WarmUpdates)
        {
            _warmed++;
            using IDisposable side = _graphs.OnSideStream(_device);
            return AsUsual(indices, step);
        }

        if (_graph is null && !TryRecord(indices, step))
        {
            return AsUsual(indices, step);
        }

        return Replayed(indices, step);
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private Tensor AsUsual(Tensor indices, long step)
    {
        _optimizer.Advance();
        DeviceNoise.Seed(_noise, step);
        Tensor sums = _gradient.Compute(indices, step);
        _optimizer.Apply();
        return sums;
    }

    private Tensor Replayed(Tensor indices, long step)
    {
        _indices!.copy_(indices);
        _scheduled!.fill_(_objective.ScheduledAt(step));
        _optimizer.Advance();
        DeviceNoise.Seed(_noise, step);
        _graph!.Replay();
        return _sums!.clone(); // the next replay writes over it
    }

    private bool TryRecord(Tensor indices, long step)
    {
        using ModelState before = new(_model, _optimizer);
        string? failure;
        try
        {
            double[] expected = TwoUpdates(AsUsual, indices, step);
            before.Restore();
            if (!expected.All(double.IsFinite))
            {
                return false; // training diverges here, recorded or not, and will try again from where it goes back to
            }

            Record(indices, step);
            double[] replayed = TwoUpdates(Replayed, indices, step);
            failure = Difference(expected, replayed);
        }
        catch (Exception exception) when (exception is ExternalException or InvalidOperationException or NotSupportedException)
        {
            failure = exception.Message.Split('\n')[0].Trim();
        }

        before.Restore();
        _given = failure is not null;
        if (_given)
        {
            Forget();
        }

        _notice(failure is null
            ? "updates are launched as one CUDA graph"
            : $"updates are not launched as a CUDA graph: {failure}");
        return failure is null;
    }

    private void Record(Tensor indices, long step)
    {
        _indices = indices.clone().DetachFromDisposeScope();
        _scheduled = zeros([], ScalarType.Float32, _device).DetachFromDisposeScope();
        using IDisposable side = _graphs.OnSideStream(_device);
        _graph = _graphs.Record(_device, () =>
        {
            _sums = _gradient.Compute(_indices, step, _scheduled).DetachFromDisposeScope();
            _optimizer.Apply();
        });
    }

    // The second update shows whether the first changed the weights alike, and whether each has draws of its own.
    private static double[] TwoUpdates(Func<Tensor, long, Tensor> update, Tensor indices, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sums = stack([update(indices, step), update(indices, step + 1)]).cpu(); // [2, 3]
        return [.. sums.data<float>().ToArray().Select(value => (double)value)];
    }

    private static string? Difference(double[] expected, double[] replayed)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            // Written so that a value that is not finite differs too.
            if (!(Math.Abs(replayed[i] - expected[i]) <= Tolerance * (1 + Math.Abs(expected[i]))))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"the recorded update {1 + (i / 3)} gives {replayed[i]:G7} where the usual one gives {expected[i]:G7}");
            }
        }

        return null;
    }

    private void Forget()
    {
        _graph?.Dispose();
        _indices?.Dispose();
        _scheduled?.Dispose();
        _sums?.Dispose();
        (_graph, _indices, _scheduled, _sums) = (null, null, null, null);
    }
}
