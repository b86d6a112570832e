using System.CommandLine;
using Vae.Core.Runs;

namespace Vae.Cli.Commands;

/// <summary>The options by which a verb is told which trained model to work with, and on what device.</summary>
internal sealed class ModelOptions
{
    public Option<string?> Run { get; } = SharedOptions.Run("Folder of a run; by default the newest under runs/");

    public Option<string?> Checkpoint { get; } = new("--checkpoint")
    {
        HelpName = "best|last|FILE",
        Description = "Which weights: those with the best ELBO (of validation, where there is one), the last, or a file that needs no run; by default the best, or the last of a run that has no best yet",
        CustomParser = Parsers.FilePath,
    };

    public Option<string> Device { get; } = SharedOptions.Device();

    public Option<ThreadCount> Threads { get; init; } = SharedOptions.Threads("Threads inside tensor operators; auto is one");

    public IEnumerable<Option> All => [Run, Checkpoint, Device, Threads];

    /// <summary>What is wrong with the options taken together; null when nothing is.</summary>
    public string? Problem(ParseResult parsed)
    {
        if (parsed.GetValue(Checkpoint) is not { } checkpoint || RunFolder.CheckpointNames.Contains(checkpoint))
        {
            return null;
        }

        // A word without folder or ending that is no file either is one of the names, mistyped.
        if (Path.GetFileName(checkpoint) == checkpoint && !Path.HasExtension(checkpoint) && !Path.Exists(checkpoint))
        {
            string names = string.Join(", ", RunFolder.CheckpointNames);
            return $"option '{Checkpoint.Name}' expects {names} or a file, got '{checkpoint}'{UsageError.Suggestion(checkpoint, RunFolder.CheckpointNames)}";
        }

        return parsed.IsGiven(Run) ? $"option '{Run.Name}' has no meaning beside a checkpoint file; give one of them" : null;
    }

    /// <summary>The request with the model's part filled in.</summary>
    public T Into<T>(T request, ParseResult parsed)
        where T : Core.Verbs.ModelRequest => request with
        {
            RunFolder = parsed.GetValue(Run),
            Checkpoint = parsed.GetValue(Checkpoint),
            Device = parsed.GetRequiredValue(Device),
            Threads = parsed.GetValue(Threads).Value,
        };
}
