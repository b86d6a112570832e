using System.CommandLine;
using Vae.Cli.Reporting;
using Vae.Core.Composition;
using Vae.Core.Data;

namespace Vae.Cli.Commands;

/// <summary>The options by which a verb is told which images to read.</summary>
internal sealed class ImagesOptions
{
    public Option<Split> Split { get; } = new("--split")
    {
        HelpName = "train|validation|test",
        Description = "Which images of the data the model was trained on",
        DefaultValueFactory = static _ => Core.Data.Split.Test,
        CustomParser = Parsers.OneOf(("train", Core.Data.Split.Train), ("validation", Core.Data.Split.Validation), ("test", Core.Data.Split.Test)),
    };

    public Option<string?> Input { get; } = new("--input")
    {
        HelpName = "PATH",
        Description = "Other images instead: a .png, a folder of them, an IDX file (also .gz) or a .npy array of uint8",
        CustomParser = Parsers.FilePath,
    };

    public Option<string?> Data { get; } = SharedOptions.Data();

    public Option<bool> Offline { get; } = SharedOptions.Offline();

    public IEnumerable<Option> All => [Split, Input, Data, Offline];

    /// <summary>What is wrong with the options taken together; null when nothing is.</summary>
    public string? Problem(ParseResult parsed) => Rules.NotBoth(parsed, Split, Input);

    /// <summary>The request with the images' part filled in.</summary>
    public T Into<T>(T request, ParseResult parsed, WorkReport report)
        where T : ImagesRequest => request with
        {
            Split = parsed.GetValue(Split),
            Input = parsed.GetValue(Input),
            Data = new DataRequest { Folder = parsed.GetValue(Data), Offline = parsed.GetValue(Offline), Progress = report },
        };
}
