using System.Security.Cryptography;

namespace Vae.Core.Data.Sources;

/// <summary>Downloads published files from the first mirror that gives the right content; only a file that is right appears.</summary>
internal sealed class Downloader(HttpClient client, TimeSpan patience)
{
    private const int BufferLength = 1 << 16;

    /// <summary>The downloader of the program; a connection that says nothing for half a minute is given up.</summary>
    public static Downloader Shared { get; } = new(new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, TimeSpan.FromSeconds(30));

    /// <summary>Downloads one file into a folder and returns its path.</summary>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.MissingInput"/> where no mirror gives the file, with the reason of each; <see
    /// cref="FailureKind.OutputUnwritable"/> or <see cref="FailureKind.InputOutput"/> where it cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">Where the request was stopped.</exception>
    public string Download(string source, SourceFile file, string folder, DataRequest request)
    {
        string path = Path.Combine(folder, file.Name);
        List<string> reasons = new List<string>();
        foreach (Uri mirror in file.Mirrors)
        {
            try
            {
                // Task.Run: a synchronization context of the caller must not wait for itself.
                AtomicFile.Write(path, output => Task.Run(() => Receive(mirror, file, output, request)).GetAwaiter().GetResult());
                return path;
            }
            catch (MirrorException exception)
            {
                reasons.Add($"{mirror}: {exception.Message.ReplaceLineEndings(" ")}");
            }
        }

        throw new VaeException(
            FailureKind.MissingInput,
            $"{source}: {file.Name} cannot be downloaded ({string.Join("; ", reasons)}); "
            + $"put it into {folder}, or name its folder with --data");
    }

    private async Task Receive(Uri mirror, SourceFile file, Stream output, DataRequest request)
    {
        using CancellationTokenSource stalled = CancellationTokenSource.CreateLinkedTokenSource(request.Stop);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        stalled.CancelAfter(patience);
        using HttpResponseMessage response = await FromMirror(() => Request(mirror, stalled.Token), request);
        using Stream content = await FromMirror(() => response.Content.ReadAsStreamAsync(stalled.Token), request);
        byte[] buffer = new byte[BufferLength];
        long received = 0;
        while (true)
        {
            stalled.CancelAfter(patience);
            int read = await FromMirror(() => content.ReadAsync(buffer, stalled.Token).AsTask(), request);
            if (read == 0)
            {
                break;
            }

            if (received == 0)
            {
                RefuseWebPage(buffer.AsSpan(0, read));
            }

            received += read;
            if (received > file.Length)
            {
                throw new MirrorException($"more than the {file.Length} bytes of the published file");
            }

            hash.AppendData(buffer, 0, read);
            await output.WriteAsync(buffer.AsMemory(0, read), request.Stop);
            request.Progress?.Report(new DownloadProgress(file.Name, received, file.Length));
        }

        Check(file, received, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private async Task<HttpResponseMessage> Request(Uri mirror, CancellationToken cancellation)
    {
        HttpResponseMessage response = await client.GetAsync(mirror, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        string reason = $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}";
        response.Dispose();
        throw new MirrorException(reason);
    }

    /// <summary>Sign-in pages of networks and error pages of servers come with status 200 too.</summary>
    private static void RefuseWebPage(ReadOnlySpan<byte> start)
    {
        if (start.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'<', ..])
        {
            throw new MirrorException("a web page instead of the file");
        }
    }

    private static void Check(SourceFile file, long received, string sha256)
    {
        if (received < file.Length)
        {
            throw new MirrorException($"the file ends after {received} of {file.Length} bytes");
        }

        if (sha256 != file.Sha256)
        {
            throw new MirrorException($"SHA-256 {sha256} instead of {file.Sha256}");
        }
    }

    /// <summary>Tells failures of the network from failures to write and from the user's wish to stop.</summary>
    private static async Task<T> FromMirror<T>(Func<Task<T>> receive, DataRequest request)
    {
        try
        {
            return await receive();
        }
        catch (OperationCanceledException exception) when (!request.Stop.IsCancellationRequested)
        {
            throw new MirrorException("no answer", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new MirrorException(exception.Message, exception);
        }
    }

    /// <summary>One mirror failed; the next may not.</summary>
    private sealed class MirrorException(string message, Exception? innerException = null) : Exception(message, innerException);
}
