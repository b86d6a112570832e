using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vae.Core.Tests.Support;

/// <summary>
/// A web server on this machine that answers each path as a test says, one request at a time, and then closes the connection.
/// </summary>
public sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, Action<Stream>> _answers = [];
    private readonly Task _loop;
    private volatile bool _stopped;

    public LoopbackServer()
    {
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";
        // A thread of its own.
        _loop = Task.Factory.StartNew(Serve, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public string Address { get; }

    public List<string> Requests { get; } = [];

    /// <summary>Answers with a whole file, or with what a server says instead.</summary>
    public Uri Answer(string path, byte[] content, string status = "200 OK") =>
        Answer(path, content.Length, stream => stream.Write(content), status);

    /// <summary>Announces a length and then writes whatever the test wants.</summary>
    public Uri Answer(string path, int length, Action<Stream> write, string status = "200 OK")
    {
        _answers["/" + path] = stream =>
        {
            string head = string.Create(
                CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            stream.Write(Encoding.ASCII.GetBytes(head));
            write(stream);
        };
        return new Uri(Address + path);
    }

    public void Dispose()
    {
        _stopped = true;
        _listener.Stop();
        _loop.Wait();
    }

    private void Serve()
    {
        while (!_stopped)
        {
            try
            {
                using TcpClient connection = _listener.AcceptTcpClient();
                using NetworkStream stream = connection.GetStream();
                string path = ReadPath(stream);
                Requests.Add(path);
                _answers.GetValueOrDefault(path, NotFound)(stream);
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private static string ReadPath(NetworkStream stream)
    {
        StringBuilder request = new StringBuilder();
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            if (next < 0)
            {
                throw new IOException("no request");
            }

            request.Append((char)next);
        }

        return request.ToString().Split(' ')[1];
    }

    private static void NotFound(Stream stream) =>
        stream.Write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8);
}
