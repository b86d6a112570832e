using Serilog.Events;
using Serilog.Parsing;

namespace Vae.Cli.Tests.Reporting;

public sealed class RunFolderSinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public void A_full_disk_loses_lines_of_the_log_and_nothing_more()
    {
        // /dev/full refuses every write as a full disk does.
        File.CreateSymbolicLink(_folder.At(RunFolderSink.FileName), "/dev/full");
        RunFolderSink sink = new();
        sink.Open(_folder.Path);
        sink.Emit(new LogEvent(DateTimeOffset.UnixEpoch, LogEventLevel.Error, null, new MessageTemplateParser().Parse("the failure"), []));

        Assert.Null(Record.Exception(sink.Dispose));
    }
}
