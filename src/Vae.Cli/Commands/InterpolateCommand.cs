using System.CommandLine;
using Vae.Cli.Reporting;
using Vae.Core.Composition;

namespace Vae.Cli.Commands;

/// <summary>`vae interpolate`: the images on paths between latents.</summary>
internal sealed class InterpolateCommand : Verb
{
    private readonly Option<string[]> _from = new("--from")
    {
        HelpName = "I|FILE",
        Description = "Where a row begins: the index of an image of the split, or a .png; several make several rows",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _to = new("--to")
    {
        HelpName = "I|FILE",
        Description = "Where a row ends, as many as --from",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _prior = new("--prior")
    {
        HelpName = "ROWS",
        Description = "Rows between draws of the prior instead, 1 to 1,000; needs no data",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static argument => argument.Tokens.Count == 0 ? 1 : Parsers.Count(1, 1_000)(argument),
    };

    private readonly Option<int> _steps = new("--steps")
    {
        HelpName = "N",
        Description = "Images in a row, both ends counted, 2 to 1,000",
        DefaultValueFactory = static _ => 11,
        CustomParser = Parsers.Count(2, 1_000),
    };

    private readonly Option<InterpolationMode> _mode = new("--mode")
    {
        HelpName = "linear|slerp",
        Description = "A straight line, or an arc that keeps the norm latents of a Gaussian prior have",
        DefaultValueFactory = static _ => InterpolationMode.Linear,
        CustomParser = Parsers.OneOf(("linear", InterpolationMode.Linear), ("slerp", InterpolationMode.Slerp)),
    };

    private readonly Option<long?> _seed = SharedOptions.Seed("Seed of the prior's draws", 1);

    private readonly Option<string> _out = new("--out", "-o")
    {
        HelpName = "FILE",
        Description = "A .png with one row a path, or a .npz with the same images",
        DefaultValueFactory = static _ => "strip.png",
        CustomParser = Parsers.OutputFile(".png", ".npz"),
    };

    private readonly ImagesOptions _images = new();
    private readonly ModelOptions _model = new();

    public InterpolateCommand(Terminal terminal)
        : base("interpolate", "Walk from one image to another through the latent space.", terminal)
    {
        foreach (Option option in (Option[])[_from, _to, _prior, _steps, _mode, _seed, _out, .. _images.All, .. _model.All])
        {
            Options.Add(option);
        }
    }

    public override string Notes => """
        Examples:
          vae interpolate --from 3 --to 7 --steps 11 --out strip.png
          vae interpolate --from 3 18 61 --to 7 41 2 --mode slerp
          vae interpolate --from mine.png --to 7
          vae interpolate --prior 5 --seed 3 --mode slerp
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
            return $"'--from' has {from} ends and '--to' has {to}; a row needs one of each";
        }

        return _images.Problem(parsed) ?? _model.Problem(parsed);
    }

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputFile.Check(path);
        var report = new WorkReport(Terminal);
        InterpolateRequest request = RequestOf(parsed, report);
        ImageFile.Write(path, report.During(() => Interpolation.Run(request)));
        Terminal.Print(path);
        return ExitCode.Done;
    }

    internal InterpolateRequest RequestOf(ParseResult parsed, WorkReport report)
    {
        var own = new InterpolateRequest
        {
            From = parsed.GetValue(_from) ?? [],
            To = parsed.GetValue(_to) ?? [],
            PriorRows = parsed.IsGiven(_prior) ? parsed.GetValue(_prior) : 0,
            Steps = parsed.GetValue(_steps),
            Mode = parsed.GetValue(_mode),
            Seed = parsed.GetRequiredValue(_seed)!.Value,
        };
        return _model.Into(_images.Into(own, parsed, report), parsed);
    }
}
