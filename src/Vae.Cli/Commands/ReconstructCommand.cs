using System.CommandLine;
using Vae.Cli.Reporting;
using Vae.Core.Composition;

namespace Vae.Cli.Commands;

/// <summary>`vae reconstruct`: images, and below them what the model makes of them.</summary>
internal sealed class ReconstructCommand : Verb
{
    private readonly Option<int> _count = new("--count", "-n")
    {
        HelpName = "N",
        Description = "How many images, 1 to 1,000",
        DefaultValueFactory = static _ => 8,
        CustomParser = Parsers.Count(1, 1_000),
    };

    private readonly Option<int> _start = new("--start")
    {
        HelpName = "I",
        Description = "The first image, counted from 0",
        DefaultValueFactory = static _ => 0,
        CustomParser = Parsers.Count(0, int.MaxValue),
    };

    private readonly Option<string> _out = new("--out", "-o")
    {
        HelpName = "FILE",
        Description = "A .png with rows of originals over rows of reconstructions, or a .npz with the same images",
        DefaultValueFactory = static _ => "pairs.png",
        CustomParser = Parsers.OutputFile(".png", ".npz"),
    };

    private readonly ImagesOptions _images = new();
    private readonly ModelOptions _model = new();

    public ReconstructCommand(Terminal terminal)
        : base("reconstruct", "Encode images and decode them again: originals over reconstructions.", terminal)
    {
        foreach (Option option in (Option[])[_count, _start, _out, .. _images.All, .. _model.All])
        {
            Options.Add(option);
        }
    }

    public override string Notes => """
        Examples:
          vae reconstruct -n 8 --out pairs.png
          vae reconstruct -n 16 --start 100 --split validation
          vae reconstruct --input my-digits/ --out mine.png

        Originals are shown as the likelihood scores them (binarized where the model was trained so), reconstructions by the mean of
        each pixel at the mean of the posterior.
        """;

    protected override string? Problem(ParseResult parsed) => _images.Problem(parsed) ?? _model.Problem(parsed);

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputFile.Check(path);
        var report = new WorkReport(Terminal);
        ReconstructRequest request = RequestOf(parsed, report);
        ImageFile.Write(path, report.During(() => Reconstruction.Run(request)));
        Terminal.Print(path);
        return ExitCode.Done;
    }

    internal ReconstructRequest RequestOf(ParseResult parsed, WorkReport report)
    {
        var own = new ReconstructRequest { Count = parsed.GetValue(_count), Start = parsed.GetValue(_start) };
        return _model.Into(_images.Into(own, parsed, report), parsed);
    }
}
