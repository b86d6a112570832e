using System.Reflection;
using System.Runtime.InteropServices;
using Vae.Core.Engine;

namespace Vae.Cli;

/// <summary>Tells a failure in one line; the stack of a defect goes to a file.</summary>
internal static class FailureReport
{
    // The tensor library can fill a screen with one message. The file has it whole.
    private const int LongestMessage = 300;

    /// <summary>Writes the line and returns the exit code.</summary>
    public static int Write(Exception exception, string command, TextWriter error)
    {
        Exception cause = Cause(exception);
        int code = ExitCode.Of(cause);
        foreach (string line in code == ExitCode.Defect ? [Defect(cause)] : Expected(cause))
        {
            error.WriteLine($"{command}: {line}");
        }

        if (IsDebugging)
        {
            error.WriteLine(exception);
        }

        return code;
    }

    /// <summary>The failure itself, out of the wrappers that the runtime puts around it; memory that ran out as one of ours.</summary>
    public static Exception Cause(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Cause(only),
        TargetInvocationException { InnerException: { } inner } => Cause(inner),
        TypeInitializationException { InnerException: { } inner } => Cause(inner),
        _ => LibraryFailure.Of(exception),
    };

    private static bool IsDebugging => Environment.GetEnvironmentVariable("VAE_DEBUG") == "1";

    // A configuration with several errors has a line for each of them.
    private static string[] Expected(Exception exception) => exception switch
    {
        VaeException => [.. Lines(exception.Message)],
        DllNotFoundException or EntryPointNotFoundException or BadImageFormatException =>
            [$"the tensor library cannot be loaded: {LoaderReason(exception.Message)} (docs/platforms.md says on which systems vae runs)"],
        _ => [OneLine(exception.Message)],
    };

    // The runtime tells of each place where it looked: what counts is what it found and could not use.
    private static string LoaderReason(string message)
    {
        string[] lines = [.. Lines(message)];
        if (!lines[0].StartsWith("Unable to load shared library", StringComparison.Ordinal))
        {
            return Cut(OneLine(message));
        }

        const string Missing = "No such file or directory";
        string[] found = [.. lines.Skip(1).Where(line => !line.StartsWith('/') || !line.EndsWith(Missing, StringComparison.Ordinal))];
        return Cut(found.Length > 0 ? string.Join(' ', found) : lines[0].Split(". ")[0]);
    }

    private static string Cut(string text) => text.Length <= LongestMessage ? text : $"{text[..LongestMessage]}…";

    private static string Defect(Exception exception)
    {
        string line = $"internal error: {exception.GetType().Name}: {Cut(OneLine(LibraryFailure.WithoutStack(exception.Message)))}";
        return IsDebugging ? line
            : DetailsFile(exception) is { } file ? $"{line} (please report; details in {file})"
            : $"{line} (please report; VAE_DEBUG=1 shows details)";
    }

    private static string? DetailsFile(Exception exception)
    {
        string name = Invariant($"vae-error-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}.txt");
        string path = Path.Combine(Path.GetTempPath(), name);
        string details =
            $"vae {ToolVersion.Current}, .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}\n" +
            $"{Environment.CommandLine}\n{exception}\n";
        try
        {
            File.WriteAllText(path, details);
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string OneLine(string text) => string.Join(' ', Lines(text));

    // Messages quote file names and what stands in files; none of that may steer a terminal.
    private static IEnumerable<string> Lines(string text) => text
        .Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(PlainText.Of);
}

/// <summary>Text from outside, for use in messages.</summary>
internal static class PlainText
{
    /// <summary>The text with nothing in it that could break a line or steer a terminal.</summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)) : text;
}
