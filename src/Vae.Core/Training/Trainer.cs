using System.Diagnostics;

namespace Vae.Core.Training;

/// <summary>
/// The loop: epochs of updates, an evaluation after each, checkpoints, and what happens on a stop or a divergence.
/// What is random depends on (seed, epoch, image) alone, so a run that was stopped anywhere continues bit for bit.
/// </summary>
internal sealed class Trainer : IDisposable
{
    /// <summary>How often a run may go back after a divergence before it gives up.</summary>
    public const int MaximumRewinds = 5;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    private readonly TrainerParts _parts;
    private readonly TrainConfiguration _options;
    private readonly PlateauSchedule? _plateau;
    private readonly Action<TrainingEvent> _observer;
    private readonly StepTotals _totals;
    private readonly RandomStream _evaluationNoise;
    private readonly int[] _order;
    private TrainingProgress _progress;

    /// <summary>Prepares to train from where the checkpoint in <paramref name="progress"/> stands.</summary>
    public Trainer(TrainerParts parts, TrainConfiguration options, TrainingProgress progress, Action<TrainingEvent> observer)
    {
        _parts = parts;
        _options = options;
        _plateau = options.Schedule as PlateauSchedule;
        _progress = progress;
        _observer = observer;
        _totals = new StepTotals(parts.Model.Figures, readAtOnce: parts.Device.IsCpu);
        _order = new int[parts.TrainImages];
        _evaluationNoise = new RandomStream((ulong)options.Seed, RandomPurpose.EvaluationNoise);
        ApplyLearningRate();
    }

    /// <summary>Updates in an epoch.</summary>
    public int StepsPerEpoch => BatchOrder.BatchCount(_parts.TrainImages, _options.BatchSize);

    private bool IsOutOfPatience => _options.Patience > 0 && _progress.StaleEpochs >= _options.Patience;

    /// <summary>
    /// Trains to the last epoch, or until patience ends or a stop is asked for; a checkpoint of the state reached is on disk when this returns.
    /// </summary>
    /// <exception cref="DivergenceException">A value was not finite and no rewind is left.</exception>
    public TrainingOutcome Run(CancellationToken stop)
    {
        Stopwatch clock = Stopwatch.StartNew();
        if (_progress.Step == 0 || !File.Exists(_parts.Folder.LastCheckpoint))
        {
            SaveLast(); // from here on a divergence, a crash or a slow start finds something to go back to
        }

        bool finished = true;
        while (finished && !IsOutOfPatience && _progress.Epoch < _options.Epochs)
        {
            try
            {
                finished = RunEpoch(stop);
            }
            catch (DivergenceException divergence)
            {
                Rewind(divergence);
            }
        }

        bool endedEarly = finished && IsOutOfPatience && _progress.Epoch < _options.Epochs;
        if (endedEarly)
        {
            Tell($"no better validation ELBO than {_progress.BestElbo:F2} of epoch {_progress.BestEpoch} for {_progress.StaleEpochs} epochs: training ends after epoch {_progress.Epoch} of {_options.Epochs}", isWarning: false);
        }

        TrainingOutcome outcome = new()
        {
            RunFolder = _parts.Folder.Root,
            Interrupted = !finished,
            EndedEarly = endedEarly,
            Epochs = _progress.Epoch,
            Steps = _progress.Step,
            BestEpoch = _progress.BestEpoch,
            BestElbo = _progress.BestElbo,
            Seconds = clock.Elapsed.TotalSeconds,
        };
        _observer(new RunFinished(outcome));
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _totals.Dispose();

    private bool RunEpoch(CancellationToken stop)
    {
        int epoch = _progress.Epoch + 1;
        int steps = StepsPerEpoch;
        BatchOrder.Permute((ulong)_options.Seed, epoch, _order);
        EpochClock clock = new(ReportInterval);
        while (_progress.StepInEpoch < steps)
        {
            if (stop.IsCancellationRequested)
            {
                SaveLast();
                return false;
            }

            clock.Images += Update(epoch);
            bool isEpochDone = _progress.StepInEpoch == steps;
            bool isCheckpointDue = !isEpochDone && _options.CheckpointEverySteps > 0 && _progress.Step % _options.CheckpointEverySteps == 0;
            if (_parts.FirstSeconds?.After(_parts.Step.Workers, isEpochDone || isCheckpointDue) is { } slow)
            {
                StartOver(slow);
                return true;
            }

            if (isCheckpointDue)
            {
                SaveLast();
            }

            if (clock.IsReportDue())
            {
                _progress = _totals.Read(_progress);
                _observer(new StepsCompleted(epoch, _progress.StepInEpoch, steps, TrainSummary(), clock.ImagesPerSecond));
            }
        }

        _progress = _totals.Read(_progress);
        CompleteEpoch(epoch, clock);
        return true;
    }

    // Nothing but the first checkpoint is written yet, so the run becomes one that never had more threads.
    private void StartOver(SlowStart slow)
    {
        int workers = _parts.Step.Workers;
        _totals.Dispose();
        _progress = _parts.RestoreCheckpoint(_parts.Folder.LastCheckpoint);
        _parts.UseThreads(slow.FewerWorkers);
        SaveLast();
        Tell(
            $"with {workers} threads a step takes {slow.Seconds * 1000:0.0} ms, longer than with {slow.FewerWorkers} in the trial ({slow.PromisedSeconds * 1000:0.0} ms): the run starts over with {slow.FewerWorkers}",
            isWarning: false);
    }

    private int Update(int epoch)
    {
        int start = _progress.StepInEpoch * _options.BatchSize;
        int count = Math.Min(_options.BatchSize, _order.Length - start);
        ApplyLearningRate();
        StepSums sums = _parts.Step.Run(_order.AsSpan(start, count), epoch, _progress.Step);
        _parts.Average?.Update(_progress.Step);
        _progress = _progress with { Step = _progress.Step + 1, StepInEpoch = _progress.StepInEpoch + 1 };
        _progress = _totals.Add(_progress, sums, count, epoch, _progress.Step);
        return count;
    }

    private void CompleteEpoch(int epoch, EpochClock clock)
    {
        double imagesPerSecond = clock.ImagesPerSecond;
        EpochFigures train = TrainSummary();
        double beta = _parts.Objective.BetaAt(_progress.Step - 1, StepsPerEpoch);
        bool isBetaSteady = beta == _parts.Objective.BetaAt(_progress.Step - _progress.StepInEpoch, StepsPerEpoch);
        EpochMetrics metrics;
        bool isBest;
        using (_parts.Average?.Use())
        {
            TermsRequest request = new() { PosteriorMeans = _parts.Objective.IsDeterministic };
            ImportanceEvaluator evaluator = new() { Samples = 1, Workers = _parts.Step.Workers, DecompositionDraws = 0, Request = request };
            EvaluationResult estimate = evaluator.Evaluate(_parts.Model, _parts.Evaluation, _evaluationNoise, _parts.Device.Device);
            if (!double.IsFinite(estimate.Elbo))
            {
                throw new DivergenceException(epoch, _progress.Step, "ELBO of the evaluation", estimate.Elbo);
            }

            metrics = new EpochMetrics
            {
                Epoch = epoch,
                Step = _progress.Step,
                Train = train,
                Validation = ValidationSummary(estimate),
                Beta = beta,
                ActiveUnits = estimate.ActiveUnits,
                ImagesPerSecond = imagesPerSecond,
                Seconds = clock.Elapsed.TotalSeconds,
            };
            isBest = Advance(metrics, estimate.KlPerDimension);
            ObserveImprovement(isBest, isBetaSteady);
            CheckState(epoch);
            _parts.Recorder.Record(metrics);
        }

        // The checkpoint comes last: a crash before it repeats the epoch and writes the same line again.
        if (isBest)
        {
            Save(_parts.Folder.BestCheckpoint, isBest: true);
        }

        Save(_parts.Folder.LastCheckpoint, isBest);
        _observer(new EpochCompleted(metrics));
    }

    private EpochFigures? ValidationSummary(EvaluationResult estimate) => _parts.EvaluationIsValidation
        ? new EpochFigures(
            _parts.Objective.LossOf(estimate.Reconstruction, estimate.Kl, estimate.KlPerDimension, _progress.Step - 1, StepsPerEpoch),
            estimate.Reconstruction, estimate.Kl, estimate.Figures)
        : null;

    /// <summary>Moves on to the next epoch; whether this one was the best so far.</summary>
    private bool Advance(EpochMetrics metrics, IReadOnlyList<double> klPerDimension)
    {
        EpochFigures judged = metrics.Validation ?? metrics.Train;
        double elbo = _parts.Objective.IsDeterministic ? judged.Reconstruction : judged.Elbo; // without noise there is no bound to choose by
        bool isBest = _progress.BestElbo is not { } best || elbo > best;
        _progress = _progress with
        {
            Epoch = metrics.Epoch,
            StepInEpoch = 0,
            Images = 0,
            Sums = new TrainingProgress().Sums,
            KlPerDimension = klPerDimension,
            BestEpoch = isBest ? metrics.Epoch : _progress.BestEpoch,
            BestElbo = isBest ? elbo : _progress.BestElbo,
        };
        return isBest;
    }

    private EpochFigures TrainSummary() => EpochFigures.Of(_parts.Model.Figures, _progress.Sums, _progress.Images);

    private void SaveLast()
    {
        _progress = _totals.Read(_progress);
        CheckState(_progress.Epoch + 1);
        Save(_parts.Folder.LastCheckpoint, isBest: false);
    }

    private void Save(string path, bool isBest)
    {
        _parts.SaveCheckpoint(path, _progress);
        _observer(new CheckpointSaved(path, _progress.Epoch, _progress.Step, isBest));
    }

    // A loss can be finite while the update it caused is not; such a state must never replace a good one on disk.
    private void CheckState(int epoch)
    {
        foreach ((string name, TorchSharp.Modules.Parameter value) in _parts.Model.named_parameters())
        {
            CheckFinite(epoch, $"weight {name}", value);
        }

        foreach ((string name, Tensor value) in _parts.Optimizer.State())
        {
            CheckFinite(epoch, $"optimizer's {name}", value);
        }
    }

    private void CheckFinite(int epoch, string term, Tensor value)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (!value.isfinite().all().ToBoolean())
        {
            throw new DivergenceException(epoch, _progress.Step, term, value.sum().ToDouble());
        }
    }

    private void Rewind(DivergenceException divergence)
    {
        _totals.Dispose();
        int rewinds = _progress.Rewinds + 1;
        if (_options.OnDivergence != DivergencePolicy.Rewind)
        {
            throw divergence;
        }

        if (rewinds > MaximumRewinds || !File.Exists(_parts.Folder.LastCheckpoint))
        {
            throw new VaeException(
                FailureKind.Diverged,
                string.Create(CultureInfo.InvariantCulture, $"{divergence.Message}; gave up after {rewinds - 1} rewinds"),
                divergence);
        }

        _progress = _parts.RestoreCheckpoint(_parts.Folder.LastCheckpoint) with { Rewinds = rewinds };
        ApplyLearningRate();
        Tell(
            $"{divergence.Message}; back to epoch {_progress.Epoch}, step {_progress.Step} with learning rate {_parts.Optimizer.LearningRate:G4} (rewind {rewinds} of {MaximumRewinds})",
            isWarning: true);
    }

    private void ApplyLearningRate() => _parts.Optimizer.LearningRate =
        _options.LearningRateAt(_progress.Step, _progress.Epoch + 1, StepsPerEpoch)
        * (_plateau?.FactorAt(_progress) ?? 1)
        * Math.Pow(0.5, _progress.Rewinds);

    // While β changes, the model is trained for something else than the ELBO it is judged by.
    private void ObserveImprovement(bool isBest, bool isBetaSteady)
    {
        if (!isBest && !isBetaSteady)
        {
            return;
        }

        int reductions = _progress.RateReductions;
        _progress = _progress with { StaleEpochs = isBest ? 0 : _progress.StaleEpochs + 1 };
        _progress = _plateau?.Observe(_progress, isBest) ?? _progress;
        if (_progress.RateReductions > reductions)
        {
            ApplyLearningRate();
            Tell($"no better validation ELBO for {_plateau!.Patience} epochs: the learning rate falls to {_parts.Optimizer.LearningRate:G4} after epoch {_progress.Epoch}", isWarning: false);
        }
    }

    private void Tell(FormattableString message, bool isWarning) =>
        _observer(new TrainingNotice(message.ToString(CultureInfo.InvariantCulture), isWarning));
}
