namespace Vae.Cli.Commands;

/// <summary>`vae interpolate`: the images on paths between latents.</summary>
internal sealed class InterpolateCommand : Verb
{
    private readonly Option<ImageChoice[]> _from = Ends(
        "--from", "Where a row begins: the number of an image, counted from 0, or a .png; several make several rows");

    private readonly Option<ImageChoice[]> _to = Ends("--to", "Where a row ends, as many as --from");

    private readonly Option<int> _prior = new("--prior")
    {
        HelpName = "ROWS",
        Description = "Rows between draws of the prior instead, 1 to 1,000; needs no data",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static argument => argument.Tokens.Count == 0 ? 1 : Parsers.Number(1, 1_000)(argument) ?? default,
    };

    private readonly Option<int> _steps = NewOption.Number(
        "--steps", "N", "Images in a row, both ends counted, 2 to 1,000", 2, 1_000, 11);

    private readonly Option<string> _mode = NewOption.Word(
        "--mode", "A straight line, or an arc that keeps the length that draws of a Gaussian have", InterpolationMode.Linear);

    private readonly Option<long> _seed = NewOption.Seed("Seed of the draws of --prior");
    private readonly Option<string> _out = NewOption.ImagesFile(
        "A .png with one row a path, or a .npz with the same images row by row (images, [N,C,H,W], 0 to 1)", "strip.png");

    private readonly ImagesOptions _images = new();
    private readonly ModelOptions _model = new();

    public InterpolateCommand(Terminal terminal)
        : base("interpolate", "Walk from image to image through the latent space, and print the file of what lies between.", terminal) =>
        Take([_from, _to, _prior, _steps, _mode, _seed, _out, .. _images.All, .. _model.All]);

    public override string Notes => """
        Examples:
          vae interpolate --from 3 --to 7 --steps 11 --out strip.png
          vae interpolate --from 3 18 61 --to 7 41 2 --mode slerp
          vae interpolate --from mine.png --to 7
          vae interpolate --prior 5 --seed 3 --mode slerp

        Each row goes from the mean of one image's posterior to that of another, so its ends are reconstructions. Numbers count
        the images of --split, or of --input; a file named by a number is given as ./7.
        """;

    protected override string? Problem(ParseResult parsed)
    {
        bool byImages = parsed.IsGiven(_from) || parsed.IsGiven(_to);
        if (byImages == parsed.IsGiven(_prior))
        {
            return "give either '--from' and '--to', or '--prior'";
        }

        int from = parsed.GetValue(_from)?.Length ?? 0;
        int to = parsed.GetValue(_to)?.Length ?? 0;
        if (byImages && from != to)
        {
            return $"options '--from' and '--to' name {from} and {to} images; each row needs one of both";
        }

        return Rules.OnlyBeside(parsed, _seed, _prior)
            ?? Rules.NotBoth(parsed, _prior, _images.Split, _images.Input, _images.Folder)
            ?? _images.Problem(parsed)
            ?? _model.Problem(parsed);
    }

    protected override int Run(ParseResult parsed) =>
        Monitored.Write(Terminal, parsed.GetRequiredValue(_out), null, (report, output, stop) =>
            Interpolate.Run(RequestOf(parsed, report) with { Warn = report.Note }, output, stop));

    internal InterpolateRequest RequestOf(ParseResult parsed, IProgress<DownloadProgress> progress) =>
        _model.Into(parsed, _images.Into(parsed, progress, new InterpolateRequest
        {
            From = parsed.GetValue(_from) ?? [],
            To = parsed.GetValue(_to) ?? [],
            PriorRows = parsed.IsGiven(_prior) ? parsed.GetValue(_prior) : 0,
            Steps = parsed.GetValue(_steps),
            Mode = parsed.GetWord<InterpolationMode>(_mode),
            Seed = parsed.GetValue(_seed),
        }));

    private static Option<ImageChoice[]> Ends(string name, string description) => new(name)
    {
        HelpName = "I|FILE",
        Description = description,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Parsers.ImageChoices,
    };
}
