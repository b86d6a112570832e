using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace Vae.Cli.Reporting;

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
