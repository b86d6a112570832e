using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Vae.Cli.Commands;

/// <summary>The program itself: its verbs and the options that stand before them.</summary>
internal static class VaeCommand
{
    public const string Name = "vae";

    private const string Notes = """
        Examples:
          vae train --config digits                   train on digits that the program draws itself; no download
          vae train --config mnist --set model.latent=10 --epochs 5
          vae sample -n 64 --out grid.png             draw from the newest run

        Exit codes:
            0  done
            3  training diverged: a value is not finite
           64  the command line is wrong
           65  a configuration, data file or checkpoint is wrong
           66  an input is missing
           69  no such device, or a native library is missing
           70  a defect of this program
           73  an output cannot be created, or another process is changing the run
           74  reading or writing failed, a disk or the memory is full
          129  130  143   stopped by SIGHUP, SIGINT (Ctrl-C) or SIGTERM, with a checkpoint saved

        Standard output carries data only; progress and messages go to standard error. Where standard output is closed, paths go
        to standard error, and what has a table or an object for its result ends with 73 before it begins.
        NO_COLOR=1 keeps messages plain, VAE_DATA names a folder of data files, VAE_DEBUG=1 shows the stack of a failure.
        """;

    /// <summary>The root command with all verbs.</summary>
    public static Command Create(Terminal terminal)
    {
        Command root = new(Name, "Train, sample, evaluate and explore variational autoencoders.");
        root.Options.Add(new HelpOption("--help", "-h")
        {
            Description = "Show this help, or the help of a verb",
            Action = new Printing(isAskedFor: true, PrintHelp),
        });
        root.Options.Add(new VersionOption("--version")
        {
            Description = "Show the version",
            Action = new Printing(isAskedFor: true, PrintVersion),
        });
        Verb[] verbs =
        [
            new TrainCommand(terminal), new SampleCommand(terminal), new ReconstructCommand(terminal), new EncodeCommand(terminal),
            new InterpolateCommand(terminal), new TraverseCommand(terminal), new EvalElboCommand(terminal), new FitPriorCommand(terminal),
        ];
        Array.ForEach(verbs, root.Subcommands.Add);
        root.Action = new Printing(isAskedFor: false, PrintHelp);
        return root;
    }

    /// <summary>The command as it was typed, "vae train" say.</summary>
    public static string PathOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == Name ? Name : $"{Name} {parsed.CommandResult.Command.Name}";

    // The library's help, then what a list of options cannot say: examples, exit codes.
    private static void PrintHelp(ParseResult parsed)
    {
        new HelpAction { MaxWidth = 110 }.Invoke(parsed);
        parsed.InvocationConfiguration.Output.WriteLine(parsed.CommandResult.Command is Verb verb ? verb.Notes : Notes);
    }

    private static void PrintVersion(ParseResult parsed) =>
        parsed.InvocationConfiguration.Output.WriteLine($"{Name} {ToolVersion.Current}");

    /// <param name="isAskedFor">Whether it was asked for, so that errors elsewhere on the line do not matter.</param>
    /// <param name="print">Prints it.</param>
    private sealed class Printing(bool isAskedFor, Action<ParseResult> print) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => isAskedFor;

        public override int Invoke(ParseResult parseResult)
        {
            print(parseResult);
            return ExitCode.Done;
        }
    }
}

/// <summary>Turns what the parser found wrong into one line: the most telling error, and where to read on.</summary>
internal static class UsageError
{
    public static string Describe(ParseResult parsed)
    {
        string problem = parsed.UnmatchedTokens is [var token, ..] ? Unknown(token, parsed.CommandResult.Command) : Text(parsed.Errors[0]);
        return PlainText.Of($"{VaeCommand.PathOf(parsed)}: {WithReference(problem, parsed)}");
    }

    /// <summary>The problem, and where its user can read on.</summary>
    public static string WithReference(string problem, ParseResult parsed) => $"{problem} (see {VaeCommand.PathOf(parsed)} --help)";

    /// <summary>What was meant, perhaps: a question to append, empty where no known word is near.</summary>
    public static string Suggestion(string typed, IEnumerable<string> known) =>
        known.MinBy(name => Distance(typed, name)) is { } near && Distance(typed, near) <= 2 ? $"; did you mean '{near}'?" : "";

    private static string Unknown(string token, Command command)
    {
        bool isOption = token.StartsWith('-');
        bool isVerb = !isOption && command.Subcommands.Count > 0;
        string what = isOption ? "unknown option" : isVerb ? "unknown verb" : "unexpected argument";
        string[] known = isOption
            ? [.. command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))]
            : [.. command.Subcommands.Select(verb => verb.Name)];
        return $"{what} '{token}'{Suggestion(token, known)}";
    }

    private static string Text(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: var option, Tokens.Count: 0 } => $"option '{option.Name}' expects a value",
        OptionResult { Option: var option, Tokens.Count: > 1 } when option.Arity.MaximumNumberOfValues == 1 =>
            $"option '{option.Name}' is given more than once",
        _ => error.Message,
    };

    // Levenshtein: the fewest letters to insert, delete or replace.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
