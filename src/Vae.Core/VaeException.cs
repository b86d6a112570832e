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

/// <summary>
/// The root of all failures a user can meet and mend. The message is one line that names the file and the place and says what to do.
/// </summary>
public class VaeException : Exception
{
    /// <summary>Creates a failure of the given kind with a one-line message.</summary>
    public VaeException(FailureKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What kind of failure this is.</summary>
    public FailureKind Kind { get; }
}
