using System.CommandLine;
using System.CommandLine.Help;

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
        Command root = new Command(Name, "Train, sample, evaluate and explore variational autoencoders.");
        root.Options.Add(new HelpOption("--help", "-h")
        {
            Description = "Show this help, or the help of a verb",
            Action = new HelpWithNotes(Notes, isAskedFor: true),
        });
        root.Options.Add(new VersionOption("--version") { Description = "Show the version", Action = new VersionAction() });
        root.Subcommands.Add(new TrainCommand(terminal));
        root.Subcommands.Add(new SampleCommand(terminal));
        root.Subcommands.Add(new ReconstructCommand(terminal));
        root.Subcommands.Add(new EncodeCommand(terminal));
        root.Subcommands.Add(new InterpolateCommand(terminal));
        root.Subcommands.Add(new TraverseCommand(terminal));
        root.Subcommands.Add(new EvalElboCommand(terminal));
        root.Subcommands.Add(new FitPriorCommand(terminal));
        root.Action = new HelpWithNotes(Notes, isAskedFor: false);
        return root;
    }

    /// <summary>The command as it was typed, "vae train" say.</summary>
    public static string PathOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == Name ? Name : $"{Name} {parsed.CommandResult.Command.Name}";
}
