using Serilog;
using Serilog.Core;
using Serilog.Events;
using Vae.Core;
using Vae.Core.Models;
using Vae.Core.Runs;
using Vae.Core.Training;

namespace Vae.Cli.Reporting;

/// <summary>
/// Turns training events into structured log events. Their rendered text is what people read on standard error; their properties
/// are what log.jsonl keeps for programs.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private readonly RunFolderSink _file = new();
    private readonly Logger _logger;
    private readonly Logger _fileOnly;
    private int _epochs;
    private bool _hasValidation;

    /// <param name="people">Where lines for people go.</param>
    /// <param name="verbosity">How many of them. The file gets progress within epochs only when people do.</param>
    public RunLog(ILogEventSink people, Verbosity verbosity)
    {
        _logger = new LoggerConfiguration()
            .MinimumLevel.Is(verbosity == Verbosity.Verbose ? LogEventLevel.Verbose : LogEventLevel.Debug)
            .WriteTo.Sink(_file)
            .WriteTo.Sink(people, restrictedToMinimumLevel: verbosity switch
            {
                Verbosity.Quiet => LogEventLevel.Warning,
                Verbosity.Verbose => LogEventLevel.Verbose,
                _ => LogEventLevel.Information,
            })
            .CreateLogger();
        _fileOnly = new LoggerConfiguration().WriteTo.Sink(_file).CreateLogger();
    }

    /// <summary>Logs one event of the run.</summary>
    public void Write(TrainingEvent trainingEvent)
    {
        switch (trainingEvent)
        {
            case RunStarted started:
                _file.Open(started.RunFolder);
                _epochs = started.Epochs;
                _hasValidation = started.ValidationImages > 0;
                Started(started);
                break;
            case StepsCompleted steps:
                Steps(steps);
                break;
            case EpochCompleted { Metrics: var metrics }:
                Epoch(metrics);
                break;
            case CheckpointSaved saved:
                _logger.Debug(
                    "checkpoint {Path:l} saved (epoch {Epoch}, step {Step}, best {IsBest})",
                    saved.Path, saved.Epoch, saved.Step, saved.IsBest);
                break;
            case TrainingNotice notice:
                _logger.Write(notice.IsWarning ? LogEventLevel.Warning : LogEventLevel.Information, "{Notice:l}", notice.Message);
                break;
            case RunFinished { Outcome: var outcome }:
                Finished(outcome);
                break;
        }
    }

    /// <summary>Logs something that the program itself has to say.</summary>
    public void Note(string message) => _logger.Information("{Notice:l}", message);

    /// <summary>Keeps a failure in the run's log. People are told by the program's own last line.</summary>
    public void Failure(Exception failure)
    {
        // The stack of an expected failure says nothing; that of a defect is all there is.
        Exception cause = FailureReport.Cause(failure);
        _fileOnly.Fatal(cause is VaeException ? null : failure, "{Failure:l} (exit code {ExitCode})", cause.Message, ExitCode.Of(cause));
    }

    public void Dispose()
    {
        _logger.Dispose();
        _fileOnly.Dispose();
        _file.Dispose();
    }

    private void Started(RunStarted run)
    {
        _logger.Information(
            "{RunFolder:l}: {ParameterCount:N0} parameters, {TrainImages:N0} images to train on and {ValidationImages:N0} to validate",
            run.RunFolder, run.ParameterCount, run.TrainImages, run.ValidationImages);
        if (run.FirstEpoch > run.Epochs)
        {
            _logger.Information("all {Epochs} epochs are done; --epochs N trains longer", run.Epochs);
            return;
        }

        _logger.Information(
            "on {Device:l} ({DeviceReason:l}); {Step:l}; epochs {FirstEpoch} to {Epochs} of {StepsPerEpoch} steps",
            run.Device, run.DeviceReason, run.Step, run.FirstEpoch, run.Epochs, run.StepsPerEpoch);
    }

    private void Steps(StepsCompleted steps) => _logger.Verbose(
        "epoch {Epoch}/{Epochs}  step {StepInEpoch}/{StepsPerEpoch}  elbo {Elbo:0.00}  reconstruction {Reconstruction:0.00}  " +
        "kl {Kl:0.00}  {ImagesPerSecond:N0} images/s",
        steps.Epoch, _epochs, steps.StepInEpoch, steps.StepsPerEpoch,
        steps.Running.Elbo, steps.Running.Reconstruction, steps.Running.Kl, steps.ImagesPerSecond);

    private void Epoch(EpochMetrics metrics)
    {
        ILogger log = _logger.ForContext(nameof(metrics.Step), metrics.Step).ForContext(nameof(metrics.Beta), metrics.Beta);
        const string Head = "epoch {Epoch}/{Epochs}  elbo {Elbo:0.00}";
        const string Validation = " (validation {ValidationElbo:0.00})";
        const string Parts = "  reconstruction {Reconstruction:0.00}  kl {Kl:0.00}";
        const string Active = "  active {ActiveUnits}";
        const string Pace = "  {ImagesPerSecond:N0} images/s  {Seconds:0.0} s";
        EpochFigures train = metrics.Train;
        (string validationText, object[] validation) = metrics.Validation is { } summary ? (Validation, [summary.Elbo]) : ("", Array.Empty<object>());
        (string activeText, object[] active) = metrics.ActiveUnits is { } count ? (Active, [count]) : ("", Array.Empty<object>());
        log.Information(
            Head + validationText + Parts + activeText + Pace,
            [metrics.Epoch, _epochs, train.Elbo, .. validation, train.Reconstruction, train.Kl, .. active, metrics.ImagesPerSecond, metrics.Seconds]);
    }

    private void Finished(TrainingOutcome outcome)
    {
        const string Extent = "epoch {Epoch} of {Epochs}, step {Step:N0}, {Seconds:0.0} s";
        _logger.Information(
            outcome.Interrupted ? "stopped after " + Extent + "; a checkpoint is saved" : "done: " + Extent,
            outcome.Epochs, _epochs, outcome.Steps, outcome.Seconds);
        if (outcome.BestElbo is { } best)
        {
            _logger.Information(
                _hasValidation
                    ? "best validation elbo {BestElbo:0.00} in epoch {BestEpoch}"
                    : "best training elbo {BestElbo:0.00} in epoch {BestEpoch}",
                best, outcome.BestEpoch);
        }
    }
}
