using Vae.Core.Evaluation;

namespace Vae.Cli.Commands;

/// <summary>`vae eval-elbo`: the ELBO, its parts and the importance-weighted log-likelihood of a split.</summary>
internal sealed class EvalElboCommand : Verb
{
    private readonly ImagesOptions _images = new();
    private readonly ModelOptions _model = new("Threads that evaluate images of their own; auto is one a processor");
    private readonly Option<int> _samples = NewOption.Number(
        "--importance-samples", "K", "Importance samples for each image; more bring the estimate of log p(x) closer, 1 to 1,000,000",
        1, 1_000_000, 100, "-k");

    private readonly Option<int?> _count = NewOption.OptionalNumber(
        "--images", "N", "Only the first N images (default: all)", 1, int.MaxValue, "-n");

    private readonly Option<string?> _perImage = new("--per-image")
    {
        HelpName = "FILE",
        Description = "Also write each image's figures to a .csv or .npz",
        CustomParser = Parsers.OutputFile(".csv", ".npz"),
    };

    private readonly Option<long> _seed = NewOption.Seed("Seed of the posterior's draws");
    private readonly Option<bool> _json = NewOption.Json("Print one JSON object instead of a table");

    public EvalElboCommand(Terminal terminal)
        : base("eval-elbo", "Evaluate a trained model: ELBO, reconstruction, KL, log p(x), bits per dimension, active units.", terminal) =>
        Take([.. _images.All, _samples, _count, _perImage, _seed, _json, .. _model.All]);

    public override string Notes => """
        Examples:
          vae eval-elbo --split test --importance-samples 5000
          vae eval-elbo --split validation --json --run runs/two
          vae eval-elbo --images 1000 --per-image scores.csv

        Figures are nats per image; of the ELBO and log p(x), higher is better. log p(x) is estimated with K draws from the
        posterior (Burda et al. 2015), a lower bound in expectation that rises with K; the figure after ± is its standard error
        over the images, and the error of the draws is how far another seed would move it on the same images. What so few images
        or draws cannot tell has no row, and is null in JSON. The KL splits into what a code tells of its image (mutual
        information), the dependence of the latent dimensions (total correlation) and their distance from the prior. A latent
        dimension is active when its posterior mean varies over the images by more than 0.01. Pixels that are drawn
        (binarization static or dynamic) are drawn once, from a seed that is the same for every run. docs/evaluation.md
        explains each figure.
        """;

    protected override string? Problem(ParseResult parsed) => _images.Problem(parsed) ?? _model.Problem(parsed);

    protected override bool NeedsOutput(ParseResult parsed) => parsed.GetValue(_json) || parsed.GetValue(_perImage) is null;

    protected override int Run(ParseResult parsed) => Monitored.Work(Terminal, (report, stop) =>
    {
        EvaluateElboRequest request = RequestOf(parsed, report) with { Warn = report.Note };
        EvaluationResult? result = null;
        if (parsed.GetValue(_perImage) is { } path)
        {
            ArrayOutput.Write(path, null, output => result = EvaluateElbo.Run(request, output, stop));
        }

        result ??= EvaluateElbo.Run(request, null, stop);
        string images = request.Input ?? parsed.GetRequiredValue(_images.Split);
        return parsed.GetValue(_json) ? Results.Json(result, images) : Results.Table(result, images);
    });

    internal EvaluateElboRequest RequestOf(ParseResult parsed, Report report) =>
        _model.Into(parsed, _images.Into(parsed, report, new EvaluateElboRequest
        {
            ImportanceSamples = parsed.GetValue(_samples),
            Count = parsed.GetValue(_count),
            Seed = parsed.GetValue(_seed),
            Progress = report.Counting("evaluating"),
        }));
}
