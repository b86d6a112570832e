using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace Vae.Cli.Reporting;

/// <summary>Shows log events to a person, one line each; the level is named only where it matters.</summary>
internal sealed class LineSink(Action<string> writeLine) : ILogEventSink
{
    public void Emit(LogEvent logEvent)
    {
        string message = logEvent.RenderMessage(CultureInfo.InvariantCulture);
        writeLine(logEvent.Level switch
        {
            LogEventLevel.Warning => $"warning: {message}",
            LogEventLevel.Error or LogEventLevel.Fatal => $"error: {message}",
            _ => message,
        });
    }
}
