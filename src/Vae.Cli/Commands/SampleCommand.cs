namespace Vae.Cli.Commands;

/// <summary>`vae sample`: draws images from a trained model and prints the file that holds them.</summary>
internal sealed class SampleCommand : Verb
{
    private const int MostInPicture = 10_000;

    private readonly Option<int> _count = NewOption.Number(
        "--count", "N", "How many images: up to 10,000 in a .png, 10,000,000 in a .npz", 1, 10_000_000, 64, "-n");

    private readonly Option<string> _out = NewOption.ImagesFile(
        "A .png for one picture of all images, a .npz for an array of them (images, [N,C,H,W], 0 to 1)", "grid.png");

    private readonly Option<long> _seed = NewOption.Seed("Seed of the draws: the same seed gives the same images");
    private readonly Option<double> _temperature = NewOption.Number(
        "--temperature", "T", "Spread of the latents: 1 is the prior itself, less is closer to its mean, 0 to 100", 0.0, 100, 1, "-t");

    private readonly Option<string> _prior = NewOption.Word(
        "--prior", "Where latents come from: the prior of training, or the mixture of vae fit-prior", SamplePrior.Model);

    private readonly Option<bool> _mean = NewOption.Flag("--mean", "Show the mean of each pixel (the default)");
    private readonly Option<bool> _draw = NewOption.Flag("--draw", "Draw each pixel from the likelihood");
    private readonly Option<int?> _columns = NewOption.Columns("Images in a row of the picture; chosen well by default");
    private readonly ModelOptions _model = new();

    public SampleCommand(Terminal terminal)
        : base("sample", "Draw new images from a trained model, and print the file they are in.", terminal) =>
        Take([_count, _out, _seed, _temperature, _prior, _mean, _draw, _columns, .. _model.All]);

    public override string Notes => """
        Examples:
          vae sample -n 64 --out grid.png
          vae sample -n 100 --columns 10 --seed 7 --run runs/two --out two.png
          vae sample --temperature 0.7 --draw --checkpoint last
          vae sample -n 10000 --out samples.npz
          vae sample --prior fitted --out better.png

        Image number i of a seed is the same however many are drawn.
        """;

    protected override string? Problem(ParseResult parsed) =>
        ArrayOutput.IsPicture(parsed.GetRequiredValue(_out)) && parsed.GetValue(_count) > MostInPicture
            ? $"option '{_count.Name}' expects at most {MostInPicture} images for a picture; a .npz takes more"
            : Rules.OnlyForPicture(parsed, _columns, _out) ?? Rules.NotBoth(parsed, _mean, _draw) ?? _model.Problem(parsed);

    protected override int Run(ParseResult parsed) =>
        Monitored.Write(Terminal, parsed.GetRequiredValue(_out), parsed.GetValue(_columns), (report, output, stop) => Sample.Run(
            RequestOf(parsed) with { Warn = report.Note, Progress = report.Counting("drawing") }, output, stop));

    internal SampleRequest RequestOf(ParseResult parsed) => _model.Into(parsed, new SampleRequest
    {
        Count = parsed.GetValue(_count),
        Seed = parsed.GetValue(_seed),
        Temperature = parsed.GetValue(_temperature),
        DrawPixels = parsed.GetValue(_draw),
        Prior = parsed.GetWord<SamplePrior>(_prior),
    });
}
