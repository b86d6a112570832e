using System.CommandLine;

namespace Vae.Cli.Commands;

/// <summary>Options that several verbs have, each made anew for its verb: same name, same meaning, same rules.</summary>
internal static class SharedOptions
{
    public static Option<string?> Run(string description) =>
        new("--run") { HelpName = "DIR", Description = description, CustomParser = Parsers.FilePath };

    public static Option<string> Device() => new("--device")
    {
        HelpName = "auto|cpu|cuda[:N]",
        Description = "Where to compute; auto takes a GPU when there is one",
        DefaultValueFactory = static _ => "auto",
        CustomParser = Parsers.Device,
    };

    public static Option<ThreadCount> Threads(string description) => new("--threads")
    {
        HelpName = "auto|N",
        Description = description,
        DefaultValueFactory = static _ => ThreadCount.Auto,
        CustomParser = Parsers.Threads,
    };

    public static Option<long?> Seed(string description, long? standard = null) => new("--seed")
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = standard is null ? null : _ => standard,
        CustomParser = Parsers.Integer(0, long.MaxValue),
    };

    public static Option<string?> Data() => new("--data")
    {
        HelpName = "DIR",
        Description = "Folder with the data files; else VAE_DATA, then the user's cache, then a download",
        CustomParser = Parsers.FilePath,
    };

    public static Option<bool> Offline() => new("--offline")
    {
        Description = "Never download; say where to put which file instead",
    };

    public static Option<string> ImagesOut(string description, string standard) => new("--out", "-o")
    {
        HelpName = "FILE",
        Description = $"{description}; a .png has at most 100 million pixels",
        DefaultValueFactory = _ => standard,
        CustomParser = Parsers.OutputFile(".png", ".npz"),
    };

    public static Option<long?> Columns(string description) => new("--columns")
    {
        HelpName = "N",
        Description = description,
        CustomParser = Parsers.Integer(1, 10_000),
    };

    public static Option<bool> Json(string description) => new("--json") { Description = description };
}
