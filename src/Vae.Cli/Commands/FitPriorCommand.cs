namespace Vae.Cli.Commands;

/// <summary>`vae fit-prior`: fits a mixture to the latents of a trained model and keeps it in the checkpoint.</summary>
internal sealed class FitPriorCommand : Verb
{
    private readonly Option<int[]> _components = new("--components")
    {
        HelpName = "N",
        Description = "Numbers of components to choose from, 1 to 10,000 each; by default 1 2 5 10 20 50 100",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = Parsers.Integers(1, 10_000),
    };

    private readonly Option<double> _heldOut = NewOption.Number(
        "--held-out", "F", "Fraction of the latents held out to choose by, 0.01 to 0.5", 0.01, 0.5, 0.1);

    private readonly DataOptions _data = new();
    private readonly ModelOptions _model = new();

    public FitPriorCommand(Terminal terminal)
        : base("fit-prior", "Fit a mixture of Gaussians to the latents of a trained model, for sample --prior fitted.", terminal) =>
        Take([_components, _heldOut, .. _data.All, .. _model.All]);

    public override string Notes => """
        Examples:
          vae fit-prior
          vae fit-prior --components 10 50 200 --run runs/two
          vae sample --prior fitted --out better.png

        Every training image is encoded and one latent drawn from its posterior. Of the mixtures, the one is kept under which
        the held-out latents are most likely; it is added to the checkpoint, whose path is printed. The state
        of training is not touched; while a run is being trained, it is refused.
        """;

    protected override string? Problem(ParseResult parsed) => _model.Problem(parsed);

    protected override int Run(ParseResult parsed) => Monitored.Work(Terminal, (report, stop) =>
    {
        FitPriorResult fitted = FitPrior.Run(RequestOf(parsed, report), stop);
        string likelihood = Invariant($"{fitted.Best.LogLikelihood:0.000} nats a latent");
        string before = Invariant($"under the model's own prior {fitted.ModelPriorLogLikelihood:0.000}");
        report.Note(Invariant($"{fitted.Best.Components} components kept: {likelihood}, {before}"));
        return fitted.Checkpoint;
    });

    private FitPriorRequest RequestOf(ParseResult parsed, Report report)
    {
        FitPriorRequest request = _model.Into(parsed, new FitPriorRequest
        {
            HeldOut = parsed.GetValue(_heldOut),
            Data = _data.Request(parsed, report),
            Progress = candidate =>
                report.Note(Invariant($"{candidate.Components,5} components: {candidate.LogLikelihood:0.000} nats a held-out latent")),
            Warn = report.Note,
        });
        return parsed.IsGiven(_components) ? request with { Components = parsed.GetValue(_components)! } : request;
    }
}
