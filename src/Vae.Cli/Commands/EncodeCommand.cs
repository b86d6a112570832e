namespace Vae.Cli.Commands;

/// <summary>`vae encode`: the posterior's mean and log-variance of every image.</summary>
internal sealed class EncodeCommand : Verb
{
    private readonly Option<string> _out = NewOption.OutputFile(
        "A .npz with the arrays mean and log_variance [N,D] and label [N] where there are labels, or a .csv",
        "latents.npz", ".npz", ".csv");

    private readonly ImagesOptions _images = new();
    private readonly ModelOptions _model = new();

    public EncodeCommand(Terminal terminal)
        : base("encode", "Write the latent mean and log-variance of images, and print the file they are in.", terminal) =>
        Take([_out, .. _images.All, .. _model.All]);

    public override string Notes => """
        Examples:
          vae encode --out latents.npz
          vae encode --split train --out latents.csv
          vae encode --input photos/ --out photos.npz

        A .csv has a row an image: label (where there are labels), mean_0, ..., log_variance_0, .... A vq_vae has index, the
        numbers of its codes, in their place. Images of a folder are taken in the order of their names. Pixels that are drawn
        (binarization static or dynamic) are drawn once, from a seed that is the same for every run.
        """;

    protected override string? Problem(ParseResult parsed) => _images.Problem(parsed) ?? _model.Problem(parsed);

    protected override int Run(ParseResult parsed) =>
        Monitored.Write(Terminal, parsed.GetRequiredValue(_out), null, (report, output, stop) =>
            Encode.Run(RequestOf(parsed, report) with { Warn = report.Note }, output, stop));

    internal EncodeRequest RequestOf(ParseResult parsed, IProgress<DownloadProgress> progress) =>
        _model.Into(parsed, _images.Into(parsed, progress, new EncodeRequest()));
}
