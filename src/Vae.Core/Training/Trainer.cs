using System.Diagnostics;

namespace Vae.Core.Training;

/// <summary>
/// The loop: epochs of updates, an evaluation after each, checkpoints, and what happens on a stop or a divergence. What is random depends
/// on (seed, epoch, image) alone, so a run that was stopped anywhere continues bit for bit.
/// </summary>
internal sealed class Trainer(
    TrainingProblem problem, ComputeDevice device, TrainingProgress progress, Action<TrainingEvent> observer) : IDisposable
{
    private const int MostRewinds = 5; // how often a run may go back after a divergence before it gives up
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    private readonly TrainConfiguration _options = problem.Train;
    private readonly PlateauSchedule? _plateau = problem.Train.Schedule as PlateauSchedule;
    private readonly StepTotals _totals = new(problem.Model.Figures, readAtOnce: device.IsCpu);
    private readonly RandomStream _evaluationNoise = new((ulong)problem.Train.Seed, RandomPurpose.EvaluationNoise);
    private readonly int[] _order = new int[problem.Loader.Images.Count];
    private TrainingProgress _progress = progress;

    /// <summary>The average of weights that evaluation uses; null for the weights themselves.</summary>
    public WeightAverage? Average { get; init; }
    public required TrainStep Step { get; init; }

    /// <summary>The images the model is evaluated on after each epoch.</summary>
    public required BatchLoader Evaluation { get; init; }

    /// <summary>Whether <see cref="Evaluation"/> is held-out data; otherwise it is training data and chooses no best checkpoint.</summary>
    public required bool EvaluationIsValidation { get; init; }
    public required RunFolder Folder { get; init; }
    public required RunRecorder Recorder { get; init; }

    /// <summary>Writes weights, optimizer state and progress to a file.</summary>
    public required Action<string, TrainingProgress> SaveCheckpoint { get; init; }

    /// <summary>Reads weights and optimizer state back and returns the progress they stand at.</summary>
    public required Func<string, TrainingProgress> RestoreCheckpoint { get; init; }

    /// <summary>Watches a run whose number of threads was found by trial; null for all others.</summary>
    public FirstSeconds? FirstSeconds { get; init; }

    /// <summary>Goes on with so many threads, and says so in the run's configuration and in every checkpoint to come.</summary>
    public required Action<int> UseThreads { get; init; }

    private FlatOptimizer Optimizer => Step.Optimizer;
    private bool IsOutOfPatience => _options.Patience > 0 && _progress.StaleEpochs >= _options.Patience;

    /// <summary>Trains to the last epoch, or until patience or a stop ends it; a checkpoint of the state reached is then on disk.</summary>
    /// <exception cref="DivergenceException">A value was not finite and no rewind is left.</exception>
    public TrainingOutcome Run(CancellationToken stop)
    {
        Stopwatch clock = Stopwatch.StartNew();
        if (_progress.Step == 0 || !File.Exists(Folder.LastCheckpoint))
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
            catch (DivergenceException divergence) when (_options.OnDivergence == DivergencePolicy.Rewind)
            {
                Rewind(divergence);
            }
        }

        bool endedEarly = finished && IsOutOfPatience && _progress.Epoch < _options.Epochs;
        if (endedEarly)
        {
            FormattableString best = $"{_progress.BestElbo:F2} of epoch {_progress.BestEpoch} for {_progress.StaleEpochs} epochs";
            Tell($"no better validation ELBO than {best}: training ends after epoch {_progress.Epoch} of {_options.Epochs}");
        }

        TrainingOutcome outcome = new(
            Folder.Root, Interrupted: !finished, endedEarly, _progress.Epoch, _progress.Step, _progress.BestEpoch, _progress.BestElbo,
            clock.Elapsed.TotalSeconds);
        observer(outcome);
        return outcome;
    }

    public void Dispose() => _totals.Dispose();

    private bool RunEpoch(CancellationToken stop)
    {
        int epoch = _progress.Epoch + 1;
        int steps = problem.StepsPerEpoch;
        BatchOrder.Permute((ulong)_options.Seed, epoch, _order);
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan lastReport = TimeSpan.Zero;
        long images = 0;
        while (_progress.StepInEpoch < steps)
        {
            if (stop.IsCancellationRequested)
            {
                SaveLast();
                return false;
            }

            images += Update(epoch);
            bool isEpochDone = _progress.StepInEpoch == steps;
            bool isCheckpointDue = !isEpochDone && _options.CheckpointEverySteps > 0 && _progress.Step % _options.CheckpointEverySteps == 0;
            if (FirstSeconds?.After(Step.Workers, isEpochDone || isCheckpointDue) is { } slow)
            {
                StartOver(slow);
                return true;
            }

            if (isCheckpointDue)
            {
                SaveLast();
            }

            if (clock.Elapsed is var now && now - lastReport >= ReportInterval)
            {
                lastReport = now;
                _progress = _totals.Read(_progress);
                observer(new StepsCompleted(epoch, _progress.StepInEpoch, steps, TrainSummary(), PerSecond(images, clock)));
            }
        }

        _progress = _totals.Read(_progress);
        CompleteEpoch(epoch, images, clock);
        return true;
    }

    // Nothing but the first checkpoint is written yet, so the run becomes one that never had more threads.
    private void StartOver(SlowStart slow)
    {
        int workers = Step.Workers;
        _totals.Dispose();
        _progress = RestoreCheckpoint(Folder.LastCheckpoint);
        UseThreads(slow.FewerWorkers);
        SaveLast();
        FormattableString trial = $"longer than with {slow.FewerWorkers} in the trial ({slow.PromisedSeconds * 1000:0.0} ms)";
        Tell($"with {workers} threads a step takes {slow.Seconds * 1000:0.0} ms, {trial}: the run starts over with {slow.FewerWorkers}");
    }

    private int Update(int epoch)
    {
        int start = _progress.StepInEpoch * _options.BatchSize;
        int count = Math.Min(_options.BatchSize, _order.Length - start);
        ApplyLearningRate();
        StepSums sums = Step.Run(_order.AsSpan(start, count), epoch, _progress.Step);
        Average?.Update(_progress.Step);
        _progress = _progress with { Step = _progress.Step + 1, StepInEpoch = _progress.StepInEpoch + 1 };
        _progress = _totals.Add(_progress, sums, count, epoch, _progress.Step);
        return count;
    }

    private void CompleteEpoch(int epoch, long images, Stopwatch clock)
    {
        double imagesPerSecond = PerSecond(images, clock); // of training alone
        EpochFigures train = TrainSummary();
        double beta = problem.Objective.BetaAt(_progress.Step - 1, problem.StepsPerEpoch);
        bool isBetaSteady = beta == problem.Objective.BetaAt(_progress.Step - _progress.StepInEpoch, problem.StepsPerEpoch);
        EpochMetrics metrics;
        bool isBest;
        using (Average?.Use())
        {
            TermsRequest request = new() { PosteriorMeans = problem.Objective.IsDeterministic };
            ImportanceEvaluator evaluator = new() { Samples = 1, Workers = Step.Workers, DecompositionDraws = 0, Request = request };
            EvaluationResult estimate = evaluator.Evaluate(problem.Model, Evaluation, _evaluationNoise, device.Device);
            if (!double.IsFinite(estimate.Elbo))
            {
                throw new DivergenceException(epoch, _progress.Step, "ELBO of the evaluation", estimate.Elbo);
            }

            metrics = new EpochMetrics
            {
                Epoch = epoch,
                Step = _progress.Step,
                Train = train,
                Validation = EvaluationIsValidation ? Judged(estimate) : null,
                Beta = beta,
                ActiveUnits = estimate.ActiveUnits,
                ImagesPerSecond = imagesPerSecond,
                Seconds = clock.Elapsed.TotalSeconds,
            };
            isBest = Advance(metrics, estimate.KlPerDimension);
            if (isBest || isBetaSteady) // while β changes, the model is trained for something else than the ELBO it is judged by
            {
                ObserveImprovement(isBest);
            }

            CheckState(epoch);
            Recorder.Record(metrics);
        }

        // The checkpoint comes last: a crash before it repeats the epoch and writes the same line again.
        if (isBest)
        {
            Save(Folder.BestCheckpoint, isBest: true);
        }

        Save(Folder.LastCheckpoint, isBest);
        observer(new EpochCompleted(metrics));
    }

    private EpochFigures Judged(EvaluationResult of) => new(
        problem.Objective.LossOf(of.Reconstruction, of.Kl, of.KlPerDimension, _progress.Step - 1, problem.StepsPerEpoch),
        of.Reconstruction, of.Kl, of.Figures);

    /// <summary>Moves on to the next epoch; whether this one was the best so far.</summary>
    private bool Advance(EpochMetrics metrics, IReadOnlyList<double> klPerDimension)
    {
        EpochFigures judged = metrics.Validation ?? metrics.Train;
        double elbo = problem.Objective.IsDeterministic ? judged.Reconstruction : judged.Elbo; // without noise there is no bound
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

    private static double PerSecond(long images, Stopwatch clock) => images / Math.Max(1e-9, clock.Elapsed.TotalSeconds);

    private EpochFigures TrainSummary() => EpochFigures.Of(problem.Model.Figures, _progress.Sums, _progress.Images);

    private void SaveLast()
    {
        _progress = _totals.Read(_progress);
        CheckState(_progress.Epoch + 1);
        Save(Folder.LastCheckpoint, isBest: false);
    }

    private void Save(string path, bool isBest)
    {
        SaveCheckpoint(path, _progress);
        observer(new CheckpointSaved(path, _progress.Epoch, _progress.Step, isBest));
    }

    // A loss can be finite while the update it caused is not; such a state must never replace a good one on disk.
    private void CheckState(int epoch)
    {
        (string Term, Tensor Value)[] state =
        [
            .. problem.Model.named_parameters().Select(pair => ($"weight {pair.name}", (Tensor)pair.parameter)),
            .. Optimizer.State().Select(pair => ($"optimizer's {pair.Name}", pair.Value)),
        ];
        foreach ((string term, Tensor value) in state)
        {
            using IDisposable noGradient = no_grad();
            using DisposeScope scope = NewDisposeScope();
            if (!value.isfinite().all().ToBoolean())
            {
                throw new DivergenceException(epoch, _progress.Step, term, value.sum().ToDouble());
            }
        }
    }

    private void Rewind(DivergenceException divergence)
    {
        _totals.Dispose();
        int rewinds = _progress.Rewinds + 1;
        if (rewinds > MostRewinds || !File.Exists(Folder.LastCheckpoint))
        {
            string gaveUp = FormattableString.Invariant($"{divergence.Message}; gave up after {rewinds - 1} rewinds");
            throw new VaeException(FailureKind.Diverged, gaveUp, divergence);
        }

        _progress = RestoreCheckpoint(Folder.LastCheckpoint) with { Rewinds = rewinds };
        ApplyLearningRate();
        FormattableString rate = $"learning rate {Optimizer.LearningRate:G4} (rewind {rewinds} of {MostRewinds})";
        Tell($"{divergence.Message}; back to epoch {_progress.Epoch}, step {_progress.Step} with {rate}", isWarning: true);
    }

    private void ApplyLearningRate() => Optimizer.LearningRate =
        _options.LearningRateAt(_progress.Step, _progress.Epoch + 1, problem.StepsPerEpoch)
        * (_plateau?.FactorAt(_progress) ?? 1)
        * Math.Pow(0.5, _progress.Rewinds);

    private void ObserveImprovement(bool isBest)
    {
        int reductions = _progress.RateReductions;
        _progress = _progress with { StaleEpochs = isBest ? 0 : _progress.StaleEpochs + 1 };
        _progress = _plateau?.Observe(_progress, isBest) ?? _progress;
        if (_progress.RateReductions > reductions)
        {
            ApplyLearningRate();
            FormattableString fall = $"the learning rate falls to {Optimizer.LearningRate:G4} after epoch {_progress.Epoch}";
            Tell($"no better validation ELBO for {_plateau!.Patience} epochs: {fall}");
        }
    }

    private void Tell(FormattableString message, bool isWarning = false) =>
        observer(new TrainingNotice(message.ToString(CultureInfo.InvariantCulture), isWarning));
}
