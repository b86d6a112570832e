namespace Vae.Cli.Commands;

/// <summary>`vae reconstruct`: images, and below them what the model makes of them.</summary>
internal sealed class ReconstructCommand : Verb
{
    private readonly Option<int?> _count = NewOption.OptionalNumber(
        "--count", "N", "How many images, 1 to 1,000; by default 8, or all where there are fewer", 1, 1_000, "-n");

    private readonly Option<int> _start = NewOption.Number("--start", "I", "The first image, counted from 0", 0, int.MaxValue, 0);
    private readonly Option<string> _out = NewOption.ImagesFile(
        "A .png with rows of originals over rows of reconstructions, or a .npz (originals, reconstructions, [N,C,H,W], 0 to 1)",
        "pairs.png");

    private readonly Option<int?> _columns = NewOption.Columns("Images in a row of the picture; by default up to 16");
    private readonly ImagesOptions _images = new();
    private readonly ModelOptions _model = new();

    public ReconstructCommand(Terminal terminal)
        : base("reconstruct", "Encode images and decode them again, and print the file of originals over reconstructions.", terminal) =>
        Take([_count, _start, _out, _columns, .. _images.All, .. _model.All]);

    public override string Notes => """
        Examples:
          vae reconstruct -n 8 --out pairs.png
          vae reconstruct -n 16 --start 100 --split validation
          vae reconstruct --input my-digits/ --out mine.png

        Originals are shown as the encoder sees them (binarized where the model was trained so), reconstructions by the mean of
        each pixel at the mean of the posterior.
        """;

    protected override string? Problem(ParseResult parsed) =>
        Rules.OnlyForPicture(parsed, _columns, _out) ?? _images.Problem(parsed) ?? _model.Problem(parsed);

    protected override int Run(ParseResult parsed) =>
        Monitored.Write(Terminal, parsed.GetRequiredValue(_out), parsed.GetValue(_columns), (report, output, stop) =>
            Reconstruct.Run(RequestOf(parsed, report) with { Warn = report.Note }, output, stop));

    internal ReconstructRequest RequestOf(ParseResult parsed, IProgress<DownloadProgress> progress) => _model.Into(parsed, _images.Into(
        parsed, progress, new ReconstructRequest { Count = parsed.GetValue(_count), Start = parsed.GetValue(_start) }));
}
