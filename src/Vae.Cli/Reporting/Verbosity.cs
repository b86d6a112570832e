namespace Vae.Cli.Reporting;

/// <summary>How much a run tells on standard error.</summary>
internal enum Verbosity
{
    /// <summary>Warnings and errors only.</summary>
    Quiet,

    /// <summary>A progress bar on a terminal, a line an epoch.</summary>
    Normal,

    /// <summary>Progress within epochs and each checkpoint as well.</summary>
    Verbose,
}
