namespace Vae.Cli;

/// <summary>What the program tells its caller. The numbers follow sysexits.h where it has one; 1 is never used.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Diverged = 3;
    public const int Usage = 64;
    public const int BadData = 65;
    public const int MissingInput = 66;
    public const int Unavailable = 69;
    public const int Defect = 70;
    public const int OutputUnwritable = 73;
    public const int InputOutput = 74;
    public const int HungUp = 128 + 1;
    public const int Interrupted = 128 + 2;
    public const int Terminated = 128 + 15;

    /// <summary>The one mapping from failures to exit codes. What nobody foresaw is a defect of ours.</summary>
    public static int Of(Exception exception) => FailureReport.Cause(exception) switch
    {
        VaeException { Kind: FailureKind.Usage } => Usage,
        VaeException { Kind: FailureKind.BadData } => BadData,
        VaeException { Kind: FailureKind.MissingInput } => MissingInput,
        VaeException { Kind: FailureKind.Unavailable } => Unavailable,
        VaeException { Kind: FailureKind.OutputUnwritable } => OutputUnwritable,
        VaeException { Kind: FailureKind.InputOutput } => InputOutput,
        VaeException { Kind: FailureKind.Diverged } => Diverged,
        DllNotFoundException or EntryPointNotFoundException or BadImageFormatException => Unavailable,
        FileNotFoundException or DirectoryNotFoundException => MissingInput,
        UnauthorizedAccessException => OutputUnwritable,
        IOException => InputOutput,
        _ => Defect,
    };
}
