using System.Security.Cryptography;

namespace Vae.Core.Tests.Data;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] Content = Bytes.Noise(300_000);

    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackServer _server = new();
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_is_downloaded_checked_and_reported()
    {
        Recorder progress = new Recorder();
        string path = Download(new DataRequest { Progress = progress }, _server.Answer("file.gz", Content));
        Assert.Equal(_folder["file.gz"], path);
        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(new DownloadProgress("file.gz", Content.Length, Content.Length), progress.Reports[^1]);
        Assert.Equal(progress.Reports.OrderBy(report => report.Bytes), progress.Reports);
        Assert.Equal(["file.gz"], _folder.FileNames());
    }

    [Fact]
    public void The_next_mirror_is_asked_where_one_fails()
    {
        Uri[] mirrors =
        [
            new Uri("http://127.0.0.1:9/file.gz"),
            new Uri(_server.Address + "missing"),
            _server.Answer("page", "\n <!DOCTYPE html><html>sign in</html>"u8.ToArray()),
            _server.Answer("wrong", [.. Content.Reverse()]),
            _server.Answer("good", Content),
            _server.Answer("never", Content),
        ];
        Assert.Equal(Content, File.ReadAllBytes(Download(new DataRequest(), mirrors)));
        Assert.Equal(["/missing", "/page", "/wrong", "/good"], _server.Requests);
        Assert.Equal(["file.gz"], _folder.FileNames());
    }

    [Fact]
    public void The_reason_of_each_mirror_is_told_and_nothing_left_behind()
    {
        Uri[] mirrors =
        [
            new Uri(_server.Address + "missing"),
            _server.Answer("down", [], status: "503 Service Unavailable"),
            _server.Answer("page", "<html>"u8.ToArray()),
            _server.Answer("wrong", [.. Content.Reverse()]),
            _server.Answer("short", Content[..1000]),
            _server.Answer("long", [.. Content, 0]),
            _server.Answer("cut", Content.Length, stream => stream.Write(Content.AsSpan(0, 100_000))),
        ];
        VaeException exception = Assert.Throws<VaeException>(() => Download(new DataRequest(), mirrors));
        Assert.Equal(FailureKind.MissingInput, exception.Kind);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.StartsWith("set: file.gz cannot be downloaded (", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"put it into {_folder.Path}", exception.Message, StringComparison.Ordinal);
        string[] reasons =
        [
            "missing: the server answers 404",
            "down: the server answers 503",
            "page: a web page instead of the file",
            "wrong: SHA-256 ",
            "short: the file ends after 1000 of 300000 bytes",
            "long: more than the 300000 bytes",
            "cut: ",
        ];
        Assert.All(reasons, reason => Assert.Contains(_server.Address + reason, exception.Message, StringComparison.Ordinal));
        Assert.Empty(_folder.FileNames());
    }

    [Fact]
    public void A_server_that_stalls_is_given_up()
    {
        using ManualResetEventSlim release = new ManualResetEventSlim();
        Uri stalling = _server.Answer("stalls", Content.Length, stream =>
        {
            stream.Write(Content.AsSpan(0, 1000));
            release.Wait();
        });
        Downloader impatient = new Downloader(_client, TimeSpan.FromSeconds(0.3));
        VaeException exception = Assert.Throws<VaeException>(
            () => impatient.Download("set", Published(stalling), _folder.Path, new DataRequest()));
        release.Set();
        Assert.Contains("stalls: no answer", exception.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.FileNames());
    }

    [Fact]
    public void A_cancelled_download_leaves_nothing_and_asks_no_other_mirror()
    {
        using CancellationTokenSource cancellation = new CancellationTokenSource();
        DataRequest context = new DataRequest { Stop = cancellation.Token, Progress = new Recorder(_ => cancellation.Cancel()) };
        Assert.ThrowsAny<OperationCanceledException>(
            () => Download(context, _server.Answer("first", Content), _server.Answer("second", Content)));
        Assert.Equal(["/first"], _server.Requests);
        Assert.Empty(_folder.FileNames());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_unwritable_whatever_the_mirrors()
    {
        SourceFile file = Published(_server.Answer("file.gz", Content));
        VaeException exception = Assert.Throws<VaeException>(
            () => new Downloader(_client, TimeSpan.FromSeconds(10)).Download("set", file, _folder["missing"], new DataRequest()));
        Assert.Equal(FailureKind.OutputUnwritable, exception.Kind);
    }

    private string Download(DataRequest context, params Uri[] mirrors) =>
        new Downloader(_client, TimeSpan.FromSeconds(10)).Download("set", Published(mirrors), _folder.Path, context);

    private static SourceFile Published(params Uri[] mirrors) =>
        new("file.gz", [], Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)), mirrors);

    private sealed class Recorder(Action<DownloadProgress>? react = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Reports { get; } = [];

        public void Report(DownloadProgress value)
        {
            Reports.Add(value);
            react?.Invoke(value);
        }
    }
}
