namespace Vae.Core;

/// <summary>What kind of expected failure happened. The program maps each kind to one exit code.</summary>
public enum FailureKind
{
    /// <summary>The request itself cannot be understood or carried out.</summary>
    Usage,

    /// <summary>A data file, a configuration or a checkpoint was read and is wrong.</summary>
    BadData,

    /// <summary>A file or folder that is needed is not there.</summary>
    MissingInput,

    /// <summary>A device or a native library that is needed is not on this machine.</summary>
    Unavailable,

    /// <summary>An output cannot be created where it was asked for, or another process is changing it.</summary>
    OutputUnwritable,

    /// <summary>Reading or writing failed half-way, a full disk for example.</summary>
    InputOutput,

    /// <summary>Training produced a value that is not finite.</summary>
    Diverged,
}

/// <summary>The root of all failures a user can meet and mend.</summary>
/// <param name="kind">What kind of failure this is.</param>
/// <param name="message">One line that names the file and the place and says what to do.</param>
/// <param name="innerException">What the framework threw.</param>
public class VaeException(FailureKind kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What kind of failure this is.</summary>
    public FailureKind Kind => kind;

    /// <summary>The failure of a file that cannot be opened or read.</summary>
    internal static VaeException Unreadable(string path, string wanted, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(FailureKind.MissingInput, $"{path}: no such file", failure),
        UnauthorizedAccessException when Directory.Exists(path) =>
            new(FailureKind.MissingInput, $"{path}: is a folder, not {wanted}", failure),
        UnauthorizedAccessException => new(FailureKind.MissingInput, $"{path}: may not be read; check its permissions", failure),
        _ => new(FailureKind.InputOutput, $"{path}: cannot be read: {failure.Message}", failure),
    };
}
