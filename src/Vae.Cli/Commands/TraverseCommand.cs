namespace Vae.Cli.Commands;

/// <summary>`vae traverse`: one row a latent dimension, the most informative first.</summary>
internal sealed class TraverseCommand : Verb
{
    private readonly Option<int?> _dimensions = NewOption.OptionalNumber(
        "--dimensions", "N", "Rows: the N dimensions with the largest mean KL; all by default", 1, 100_000, "-n");

    private readonly Option<int> _steps = NewOption.Number("--steps", "N", "Images in a row, 2 to 1,000", 2, 1_000, 11);
    private readonly Option<double> _range = NewOption.Number(
        "--range", "R", "Rows go from -R to R, in standard deviations of the prior about its mean, 0 to 100", 0.0, 100, 3);

    private readonly Option<string> _out = NewOption.ImagesFile(
        "A .png with one row a dimension, or a .npz with the same images row by row (images, [N,C,H,W], 0 to 1)", "traversal.png");

    private readonly ModelOptions _model = new();

    public TraverseCommand(Terminal terminal)
        : base("traverse", "Move through the latent dimensions one by one, and print the file with one row for each.", terminal) =>
        Take([_dimensions, _steps, _range, _out, .. _model.All]);

    public override string Notes => """
        Examples:
          vae traverse --out grid.png
          vae traverse -n 5 --range 2 --run runs/two

        Rows are ordered by their mean KL over the data of the last evaluation in training, the most informative first; the
        other dimensions stay at the prior's mean, 0 for N(0, I). Standard error tells each row's dimension and KL. A dimension
        with almost no KL carries no information about the image: its row does not change.
        """;

    protected override string? Problem(ParseResult parsed) => _model.Problem(parsed);

    protected override int Run(ParseResult parsed) => Monitored.Work(Terminal, (report, stop) =>
    {
        string path = parsed.GetRequiredValue(_out);
        TraverseRequest request = RequestOf(parsed) with { Warn = report.Note };
        IReadOnlyList<TraversedDimension> rows = [];
        ArrayOutput.Write(path, null, output => rows = Traverse.Run(request, output, stop));
        for (int row = 0; row < rows.Count; row++)
        {
            report.Note(Describe(row, rows[row]));
        }

        return path;
    });

    internal TraverseRequest RequestOf(ParseResult parsed) => _model.Into(parsed, new TraverseRequest
    {
        Dimensions = parsed.GetValue(_dimensions),
        Steps = parsed.GetValue(_steps),
        Range = parsed.GetValue(_range),
    });

    private static string Describe(int row, TraversedDimension dimension)
    {
        string kl = double.IsNaN(dimension.Kl) ? "KL not known: no whole epoch yet" : Invariant($"KL {dimension.Kl:0.000} nats");
        return Invariant($"row {row + 1}: dimension {dimension.Dimension}, {kl}");
    }
}
