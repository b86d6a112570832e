using System.CommandLine;
using Vae.Cli.Reporting;
using Vae.Core.Verbs;

namespace Vae.Cli.Commands;

/// <summary>`vae sample`: draws images from a trained model and prints the file that holds them.</summary>
internal sealed class SampleCommand : Verb
{
    private const int MostInPicture = 10_000;

    private readonly Option<int> _count = new("--count", "-n")
    {
        HelpName = "N",
        Description = "How many images: up to 10,000 in a .png, 10,000,000 in a .npz",
        DefaultValueFactory = static _ => 64,
        CustomParser = Parsers.Count(1, 10_000_000),
    };

    private readonly Option<string> _out = SharedOptions.ImagesOut(
        "A .png for one picture of all images, a .npz for an array of them (images, [N,C,H,W], 0 to 1)", "grid.png");

    private readonly ModelOptions _model = new();

    private readonly Option<long?> _seed = SharedOptions.Seed("Seed of the draws: the same seed gives the same images", 1);

    private readonly Option<double> _temperature = new("--temperature", "-t")
    {
        HelpName = "T",
        Description = "Spread of the latents: 1 is the prior itself, less is closer to its mean, 0 to 100",
        DefaultValueFactory = static _ => 1,
        CustomParser = Parsers.Number(0, 100),
    };

    private readonly Option<Choice<SamplePrior>> _prior = new("--prior")
    {
        HelpName = "model|fitted",
        Description = "Where latents come from: the prior of training, or the mixture of vae fit-prior",
        DefaultValueFactory = static _ => new("model", SamplePrior.Model),
        CustomParser = Parsers.OneOf<SamplePrior>(new("model", SamplePrior.Model), new("fitted", SamplePrior.Fitted)),
    };

    private readonly Option<bool> _mean = new("--mean") { Description = "Show the mean of each pixel (the default)" };
    private readonly Option<bool> _draw = new("--draw") { Description = "Draw each pixel from the likelihood" };

    private readonly Option<long?> _columns = SharedOptions.Columns("Images in a row of the picture; chosen well by default");

    public SampleCommand(Terminal terminal)
        : base("sample", "Draw new images from a trained model, and print the file they are in.", terminal)
    {
        foreach (Option option in (Option[])
            [_count, _out, _seed, _temperature, _prior, _mean, _draw, _columns, .. _model.All])
        {
            Options.Add(option);
        }
    }

    public override string Notes => """
        Examples:
          vae sample -n 64 --out grid.png
          vae sample -n 100 --columns 10 --seed 7 --run runs/two --out two.png
          vae sample --temperature 0.7 --draw --checkpoint last
          vae sample -n 10000 --out samples.npz
          vae sample --prior fitted --out better.png

        Image number i of a seed is the same however many are drawn.
        """;

    protected override string? Problem(ParseResult parsed)
    {
        if (ArrayOutput.IsPicture(parsed.GetRequiredValue(_out)) && parsed.GetValue(_count) > MostInPicture)
        {
            return $"option '{_count.Name}' expects at most {MostInPicture} images for a picture; a .npz takes more";
        }

        return Rules.OnlyForPicture(parsed, _columns, _out) ?? Rules.NotBoth(parsed, _mean, _draw) ?? _model.Problem(parsed);
    }

    protected override int Run(ParseResult parsed) => MonitoredWork.Execute(Terminal, (report, stop) =>
    {
        string path = parsed.GetRequiredValue(_out);
        SampleRequest request = RequestOf(parsed) with
        {
            Warn = report.Note,
            Progress = (done, total) => report.Progress("drawing", done, total),
        };
        ArrayOutput.Write(path, (int?)parsed.GetValue(_columns), output => Sample.Run(request, output, stop));
        return path;
    });

    internal SampleRequest RequestOf(ParseResult parsed) => _model.Into(
        new SampleRequest
        {
            Count = parsed.GetValue(_count),
            Seed = parsed.GetRequiredValue(_seed)!.Value,
            Temperature = parsed.GetValue(_temperature),
            DrawPixels = parsed.GetValue(_draw),
            Prior = parsed.GetValue(_prior).Value,
        },
        parsed);
}
