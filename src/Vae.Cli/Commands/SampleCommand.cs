using System.CommandLine;
using System.CommandLine.Parsing;
using Vae.Core.Composition;

namespace Vae.Cli.Commands;

/// <summary>`vae sample`: draws images from a trained model and prints the file that holds them.</summary>
internal sealed class SampleCommand : Verb
{
    private readonly Option<int> _count = new("--count", "-n")
    {
        HelpName = "N",
        Description = "How many images, 1 to 10,000",
        DefaultValueFactory = static _ => 64,
        CustomParser = Parsers.Count(1, 10_000),
    };

    private readonly Option<string> _out = new("--out", "-o")
    {
        HelpName = "FILE",
        Description = "Where the images go; a .png is one picture with all of them",
        DefaultValueFactory = static _ => "grid.png",
        CustomParser = Parsers.OutputFile(".png"),
    };

    private readonly Option<string?> _run = SharedOptions.Run("Folder of a run; by default the newest under runs/");

    private readonly Option<string> _checkpoint = new("--checkpoint")
    {
        HelpName = "best|last|FILE",
        Description = "Which weights: those with the best validation ELBO, the last, or a file that needs no run",
        DefaultValueFactory = static _ => "best",
        CustomParser = Parsers.FilePath!,
    };

    private readonly Option<long?> _seed = SharedOptions.Seed("Seed of the draws: the same seed gives the same images", 1);

    private readonly Option<double> _temperature = new("--temperature", "-t")
    {
        HelpName = "T",
        Description = "Spread of the codes: 1 is the prior itself, less is closer to its mean, 0 to 100",
        DefaultValueFactory = static _ => 1,
        CustomParser = Parsers.Number(0, 100),
    };

    private readonly Option<bool> _mean = new("--mean") { Description = "Show the mean of each pixel (the default)" };
    private readonly Option<bool> _draw = new("--draw") { Description = "Draw each pixel from the likelihood" };

    private readonly Option<long?> _columns = new("--columns")
    {
        HelpName = "N",
        Description = "Images in a row of the picture; chosen well by default",
        CustomParser = Parsers.Integer(1, 10_000),
    };

    private readonly Option<string> _device = SharedOptions.Device();

    public SampleCommand(Terminal terminal)
        : base("sample", "Draw new images from a trained model, and print the file they are in.", terminal)
    {
        foreach (Option option in (Option[])
            [_count, _out, _run, _checkpoint, _seed, _temperature, _mean, _draw, _columns, _device])
        {
            Options.Add(option);
        }

        Validators.Add(result => Rules.NotBoth(result, _mean, _draw));
        Validators.Add(RefuseRunBesideFile);
    }

    public override string Notes => """
        Examples:
          vae sample -n 64 --out grid.png
          vae sample -n 100 --columns 10 --seed 7 --run runs/two --out two.png
          vae sample --temperature 0.7 --draw --checkpoint last
        """;

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputFile.Check(path);
        SampleImages images = PriorSampling.Draw(RequestOf(parsed));
        ImageFile.Write(path, images, (int?)parsed.GetValue(_columns));
        Terminal.Print(path);
        return ExitCode.Done;
    }

    internal SampleRequest RequestOf(ParseResult parsed) => new()
    {
        RunFolder = parsed.GetValue(_run),
        Checkpoint = parsed.GetRequiredValue(_checkpoint),
        Count = parsed.GetValue(_count),
        Seed = parsed.GetRequiredValue(_seed)!.Value,
        Temperature = parsed.GetValue(_temperature),
        DrawPixels = parsed.GetValue(_draw),
        Device = parsed.GetRequiredValue(_device),
    };

    private void RefuseRunBesideFile(CommandResult result)
    {
        if (result.IsGiven(_run) && result.IsGiven(_checkpoint) && result.GetValue(_checkpoint) is not ("best" or "last"))
        {
            result.AddError("option '--run' has no meaning beside a checkpoint file; give one of them");
        }
    }
}
