namespace Vae.Cli.Commands;

/// <summary>A verb of the program: options in, an exit code out.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, Terminal terminal)
        : base(name, description)
    {
        Terminal = terminal;
        SetAction(parsed =>
        {
            if (Problem(parsed) is { } problem)
            {
                throw new VaeException(FailureKind.Usage, UsageError.WithReference(problem, parsed));
            }

            if (NeedsOutput(parsed))
            {
                Terminal.RequireOutput();
            }

            return Run(parsed);
        });
    }

    /// <summary>What `--help` says below the options: examples, and what to expect.</summary>
    public abstract string Notes { get; }

    protected Terminal Terminal { get; }

    /// <summary>Gives the verb its options, in the order in which `--help` shows them.</summary>
    protected void Take(Option[] options) => Array.ForEach(options, Options.Add);

    /// <summary>What is wrong with the options taken together, each being valid by itself; null when nothing is.</summary>
    protected virtual string? Problem(ParseResult parsed) => null;

    /// <summary>Whether the result goes to standard output alone, so that without it the work would be for nothing.</summary>
    protected virtual bool NeedsOutput(ParseResult parsed) => false;

    /// <summary>Does the work. The options are valid by now; failures are thrown.</summary>
    protected abstract int Run(ParseResult parsed);
}
