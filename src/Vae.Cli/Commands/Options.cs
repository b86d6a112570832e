using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Vae.Core.Data;

namespace Vae.Cli.Commands;

/// <summary>Makes options. What several verbs have is made anew for each: same name, same meaning, same rules.</summary>
internal static class NewOption
{
    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description };

    public static Option<string?> FilePath(string name, string help, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = help, Description = description, CustomParser = Parsers.FilePath };

    public static Option<string> OutputFile(string description, string standard, params string[] endings) =>
        Text("--out", "FILE", description, standard, Parsers.OutputFile(endings), "-o");

    public static Option<string> ImagesFile(string description, string standard) =>
        OutputFile($"{description}; a .png has at most 100 million pixels", standard, ".png", ".npz");

    public static Option<T> Number<T>(string name, string help, string description, T least, T most, T standard, params string[] aliases)
        where T : struct, INumber<T> => new(name, aliases)
        {
            HelpName = help,
            Description = description,
            DefaultValueFactory = _ => standard,
            CustomParser = argument => Parsers.Number(least, most)(argument) ?? default,
        };

    public static Option<T?> OptionalNumber<T>(string name, string help, string description, T least, T most, params string[] aliases)
        where T : struct, INumber<T> =>
        new(name, aliases) { HelpName = help, Description = description, CustomParser = Parsers.Number(least, most) };

    /// <summary>One of the words of an enumeration, in small letters.</summary>
    public static Option<string> Word<T>(string name, string description, T standard)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())];
        return Text(name, string.Join('|', words), description, standard.ToString().ToLowerInvariant(), Parsers.OneOf(words));
    }

    public static T GetWord<T>(this ParseResult parsed, Option<string> option)
        where T : struct, Enum => Enum.Parse<T>(parsed.GetRequiredValue(option), ignoreCase: true);

    public static Option<string?> Run(string description) => FilePath("--run", "DIR", description);

    public static Option<string> Device() => Text(
        "--device", "auto|cpu|cuda[:N]", "Where to compute; auto takes a GPU when there is one", "auto", Parsers.Device);

    public static Option<string> Threads(string description) => Text("--threads", "auto|N", description, "auto", Parsers.Threads);

    /// <summary>The number of threads, or null where the program chooses.</summary>
    public static int? GetThreads(this ParseResult parsed, Option<string> threads) =>
        int.TryParse(parsed.GetRequiredValue(threads), CultureInfo.InvariantCulture, out int number) ? number : null;

    public static Option<long> Seed(string description) => Number("--seed", "N", description, 0, long.MaxValue, 1);

    public static Option<int?> Columns(string description) => OptionalNumber("--columns", "N", description, 1, 10_000);

    public static Option<bool> Json(string description) => Flag("--json", description);

    private static Option<string> Text(
        string name, string help, string description, string standard, Func<ArgumentResult, string> parser, params string[] aliases) =>
        new(name, aliases) { HelpName = help, Description = description, DefaultValueFactory = _ => standard, CustomParser = parser };
}

/// <summary>The options by which a verb is told where data files are.</summary>
internal class DataOptions
{
    public Option<string?> Folder { get; } = NewOption.FilePath(
        "--data", "DIR", "Folder with the data files; else VAE_DATA, then the user's cache, then a download");

    public Option<bool> Offline { get; } = NewOption.Flag("--offline", "Never download; say where to put which file instead");

    public virtual IEnumerable<Option> All => [Folder, Offline];

    public DataRequest Request(ParseResult parsed, IProgress<DownloadProgress> progress) =>
        new() { Folder = parsed.GetValue(Folder), Offline = parsed.GetValue(Offline), Progress = progress };
}

/// <summary>The options by which a verb is told which trained model to work with, and on what device.</summary>
internal sealed class ModelOptions(string threads = "Threads inside tensor operators; auto is one")
{
    private readonly Option<string?> _run = NewOption.Run("Folder of a run; by default the newest under runs/");
    private readonly Option<string?> _checkpoint = NewOption.FilePath(
        "--checkpoint",
        "best|last|FILE",
        "Which weights: those with the best ELBO (of validation, where there is one), the last, or a file that needs no run; " +
        "by default the best, or the last of a run that has no best yet");

    private readonly Option<string> _device = NewOption.Device();
    private readonly Option<string> _threads = NewOption.Threads(threads);

    public IEnumerable<Option> All => [_run, _checkpoint, _device, _threads];

    /// <summary>What is wrong with the options taken together; null when nothing is.</summary>
    public string? Problem(ParseResult parsed)
    {
        if (parsed.GetValue(_checkpoint) is not { } checkpoint || RunFolder.CheckpointNames.Contains(checkpoint))
        {
            return null;
        }

        // A word without folder or ending that is no file either is one of the names, mistyped.
        if (Path.GetFileName(checkpoint) == checkpoint && !Path.HasExtension(checkpoint) && !Path.Exists(checkpoint))
        {
            string names = string.Join(", ", RunFolder.CheckpointNames);
            string suggestion = UsageError.Suggestion(checkpoint, RunFolder.CheckpointNames);
            return $"option '{_checkpoint.Name}' expects {names} or a file, got '{checkpoint}'{suggestion}";
        }

        return parsed.IsGiven(_run) ? $"option '{_run.Name}' has no meaning beside a checkpoint file; give one of them" : null;
    }

    /// <summary>The request with the model's part filled in.</summary>
    public T Into<T>(ParseResult parsed, T request)
        where T : ModelRequest => request with
        {
            RunFolder = parsed.GetValue(_run),
            Checkpoint = parsed.GetValue(_checkpoint),
            Device = parsed.GetRequiredValue(_device),
            Threads = parsed.GetThreads(_threads),
        };
}

/// <summary>The options by which a verb is told which images to read.</summary>
internal sealed class ImagesOptions : DataOptions
{
    public Option<string> Split { get; } = NewOption.Word(
        "--split", "Which images of the data the model was trained on", Core.Data.Split.Test);

    public Option<string?> Input { get; } = NewOption.FilePath(
        "--input",
        "PATH",
        "Other images: a .png, a folder of them, IDX (also .gz), or uint8 [N,C,H,W] or [N,H,W] in .npy or .npz (array images)");

    public override IEnumerable<Option> All => [Split, Input, .. base.All];

    /// <summary>What is wrong with the options taken together; null when nothing is.</summary>
    public string? Problem(ParseResult parsed) => Rules.NotBoth(parsed, Split, Input) ?? Rules.NotBoth(parsed, Input, Folder);

    /// <summary>The request with the images' part filled in.</summary>
    public T Into<T>(ParseResult parsed, IProgress<DownloadProgress> progress, T request)
        where T : ImagesRequest => request with
        {
            Split = parsed.GetWord<Split>(Split),
            Input = parsed.GetValue(Input),
            Data = Request(parsed, progress),
        };
}
