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
        VaeException expected => Of(expected.Kind),
        DllNotFoundException or EntryPointNotFoundException or BadImageFormatException => Unavailable,
        FileNotFoundException or DirectoryNotFoundException => MissingInput,
        UnauthorizedAccessException => OutputUnwritable,
        IOException => InputOutput,
        _ => Defect,
    };

    private static int Of(FailureKind kind) => kind switch
    {
        FailureKind.Usage => Usage,
        FailureKind.BadData => BadData,
        FailureKind.MissingInput => MissingInput,
        FailureKind.Unavailable => Unavailable,
        FailureKind.OutputUnwritable => OutputUnwritable,
        FailureKind.InputOutput => InputOutput,
        FailureKind.Diverged => Diverged,
        _ => Defect,
    };
}
