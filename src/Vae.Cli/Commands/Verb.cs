using System.CommandLine;

namespace Vae.Cli.Commands;

/// <summary>A verb of the program: options in, an exit code out.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, Terminal terminal)
        : base(name, description)
    {
        Terminal = terminal;
        SetAction(Run);
    }

    /// <summary>What `--help` says below the options: examples, and what to expect.</summary>
    public abstract string Notes { get; }

    protected Terminal Terminal { get; }

    /// <summary>Does the work. The options are valid by now; failures are thrown.</summary>
    protected abstract int Run(ParseResult parsed);
}
