using System.Globalization;
using System.Text;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;
using Vae.Core.Models;

namespace Vae.Cli.Reporting;

/// <summary>How much a run tells on standard error.</summary>
internal enum Verbosity
{
    Quiet,   // warnings and errors only
    Normal,  // a progress bar on a terminal, a line an epoch
    Verbose, // progress within epochs and each checkpoint as well
}

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

    /// <param name="writeLine">Takes lines for people.</param>
    /// <param name="verbosity">How many of them. The file gets progress within epochs only when people do.</param>
    public RunLog(Action<string> writeLine, Verbosity verbosity)
    {
        _logger = new LoggerConfiguration()
            .MinimumLevel.Is(verbosity == Verbosity.Verbose ? LogEventLevel.Verbose : LogEventLevel.Debug)
            .WriteTo.Sink(_file)
            .WriteTo.Sink(new LineSink(writeLine), restrictedToMinimumLevel: verbosity switch
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
                (string stepFigures, object[] stepValues) = Template(steps.Running);
                _logger.Verbose(
                    $"epoch {{Epoch}}/{{Epochs}}  step {{StepInEpoch}}/{{StepsPerEpoch}}{stepFigures}  {{ImagesPerSecond:N0}} images/s",
                    [steps.Epoch, _epochs, steps.StepInEpoch, steps.StepsPerEpoch, .. stepValues, steps.ImagesPerSecond]);
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
            case TrainingOutcome outcome:
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

    private void Epoch(EpochMetrics metrics)
    {
        (string figures, object[] values) = Template(metrics.Train, metrics.Validation?.Elbo);
        (string activeText, object[] active) =
            metrics.ActiveUnits is { } units ? ("  active {ActiveUnits}", [units]) : ("", Array.Empty<object>());
        _logger.ForContext(nameof(metrics.Step), metrics.Step).ForContext(nameof(metrics.Beta), metrics.Beta).Information(
            $"epoch {{Epoch}}/{{Epochs}}{figures}{activeText}  {{ImagesPerSecond:N0}} images/s  {{Seconds:0.0}} s",
            [metrics.Epoch, _epochs, .. values, .. active, metrics.ImagesPerSecond, metrics.Seconds]);
    }

    // "  elbo {Elbo:0.00} (validation {ValidationElbo:0.00})  reconstruction {Reconstruction:0.00}  …", with the values.
    private static (string Template, object[] Values) Template(EpochFigures figures, double? validationElbo = null)
    {
        StringBuilder template = new();
        List<object> values = [];
        foreach ((string name, double value) in Figures.Told(figures))
        {
            string property = string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
            template.Append(CultureInfo.InvariantCulture, $"  {name.Replace('_', ' ')} {{{property}:0.00}}");
            values.Add(value);
            if (name == "elbo" && validationElbo is { } validation)
            {
                template.Append(" (validation {ValidationElbo:0.00})");
                values.Add(validation);
            }
        }

        return (template.ToString(), [.. values]);
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

    /// <summary>One line an event; the level is named only where it matters.</summary>
    private sealed class LineSink(Action<string> writeLine) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            string level = logEvent.Level switch
            {
                LogEventLevel.Warning => "warning: ",
                LogEventLevel.Error or LogEventLevel.Fatal => "error: ",
                _ => "",
            };
            writeLine(level + logEvent.RenderMessage(CultureInfo.InvariantCulture));
        }
    }
}

/// <summary>
/// Writes log events to log.jsonl in the run's folder, one JSON object a line. The folder is known only once the run has started;
/// what was logged before is kept until then.
/// </summary>
internal sealed class RunFolderSink : ILogEventSink, IDisposable
{
    public const string FileName = "log.jsonl";

    private readonly List<LogEvent> _early = [];
    private readonly Lock _gate = new();
    private Logger? _file;

    /// <summary>Opens the file for appending: a resumed run goes on in its own log.</summary>
    public void Open(string runFolder)
    {
        lock (_gate)
        {
            _file ??= new LoggerConfiguration()
                .MinimumLevel.Verbose()
                .WriteTo.File(
                    new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture),
                    Path.Combine(runFolder, FileName),
                    fileSizeLimitBytes: null)
                .CreateLogger();
            _early.ForEach(_file.Write);
            _early.Clear();
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_gate)
        {
            if (_file is null)
            {
                _early.Add(logEvent);
            }
            else
            {
                _file.Write(logEvent);
            }
        }
    }

    /// <summary>Closes the file. On a full disk its last lines are lost, which must not hide the failure that they tell of.</summary>
    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
        }
    }
}
