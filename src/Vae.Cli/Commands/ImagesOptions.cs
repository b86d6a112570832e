using System.CommandLine;
using Vae.Core.Verbs;
using Vae.Core.Data;
using Vae.Core.Data.Sources;

namespace Vae.Cli.Commands;

/// <summary>The options by which a verb is told which images to read.</summary>
internal sealed class ImagesOptions
{
    private static readonly Choice<Split>[] Splits =
        [new("train", Core.Data.Split.Train), new("validation", Core.Data.Split.Validation), new("test", Core.Data.Split.Test)];

    public Option<Choice<Split>> Split { get; } = new("--split")
    {
        HelpName = "train|validation|test",
        Description = "Which images of the data the model was trained on",
        DefaultValueFactory = static _ => Splits[^1],
        CustomParser = Parsers.OneOf(Splits),
    };

    public Option<string?> Input { get; } = new("--input")
    {
        HelpName = "PATH",
        Description = "Other images: a .png, a folder of them, IDX (also .gz), or uint8 [N,C,H,W] or [N,H,W] in .npy or .npz (array images)",
        CustomParser = Parsers.FilePath,
    };

    public Option<string?> Data { get; } = SharedOptions.Data();

    public Option<bool> Offline { get; } = SharedOptions.Offline();

    public IEnumerable<Option> All => [Split, Input, Data, Offline];

    /// <summary>What is wrong with the options taken together; null when nothing is.</summary>
    public string? Problem(ParseResult parsed) => Rules.NotBoth(parsed, Split, Input) ?? Rules.NotBoth(parsed, Input, Data);

    /// <summary>The request with the images' part filled in.</summary>
    public T Into<T>(T request, ParseResult parsed, IProgress<DownloadProgress> progress)
        where T : ImagesRequest => request with
        {
            Split = parsed.GetValue(Split).Value,
            Input = parsed.GetValue(Input),
            Data = new DataRequest { Folder = parsed.GetValue(Data), Offline = parsed.GetValue(Offline), Progress = progress },
        };
}
