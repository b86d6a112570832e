using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Vae.Cli.Commands;

/// <summary>The library's help, then what a list of options cannot say: examples, exit codes.</summary>
/// <param name="rootNotes">What to say below the program's own options.</param>
/// <param name="isAskedFor">Whether help was asked for, so that errors elsewhere on the line do not matter.</param>
internal sealed class HelpWithNotes(string rootNotes, bool isAskedFor) : SynchronousCommandLineAction
{
    private const int Width = 110;
    private readonly HelpAction _options = new() { MaxWidth = Width };

    public override bool ClearsParseErrors => isAskedFor;

    public override int Invoke(ParseResult parseResult)
    {
        _options.Invoke(parseResult);
        string notes = parseResult.CommandResult.Command is Verb verb ? verb.Notes : rootNotes;
        parseResult.InvocationConfiguration.Output.WriteLine(notes);
        return ExitCode.Done;
    }
}
