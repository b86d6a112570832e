using System.CommandLine;
using Vae.Core.Composition;
using static Vae.Cli.Reporting.Figures;

namespace Vae.Cli.Commands;

/// <summary>`vae traverse`: one row a latent dimension, the most informative first.</summary>
internal sealed class TraverseCommand : Verb
{
    private readonly Option<int> _dimensions = new("--dimensions", "-n")
    {
        HelpName = "N",
        Description = "Rows: the N dimensions with the largest mean KL, 1 to 1,000",
        DefaultValueFactory = static _ => 10,
        CustomParser = Parsers.Count(1, 1_000),
    };

    private readonly Option<int> _steps = new("--steps")
    {
        HelpName = "N",
        Description = "Images in a row, 2 to 1,000",
        DefaultValueFactory = static _ => 11,
        CustomParser = Parsers.Count(2, 1_000),
    };

    private readonly Option<double> _range = new("--range")
    {
        HelpName = "R",
        Description = "Rows go from -R to R, in standard deviations of the prior N(0, I), 0 to 100",
        DefaultValueFactory = static _ => 3,
        CustomParser = Parsers.Number(0, 100),
    };

    private readonly Option<string> _out = new("--out", "-o")
    {
        HelpName = "FILE",
        Description = "A .png with one row a dimension, or a .npz with the same images",
        DefaultValueFactory = static _ => "traversal.png",
        CustomParser = Parsers.OutputFile(".png", ".npz"),
    };

    private readonly ModelOptions _model = new();

    public TraverseCommand(Terminal terminal)
        : base("traverse", "Move through the latent dimensions one by one, the most informative first.", terminal)
    {
        foreach (Option option in (Option[])[_dimensions, _steps, _range, _out, .. _model.All])
        {
            Options.Add(option);
        }
    }

    public override string Notes => """
        Examples:
          vae traverse --out grid.png
          vae traverse -n 5 --range 2 --run runs/two

        The other dimensions stay at 0. Standard error tells the row's dimension and its mean KL over the data of the last
        evaluation in training; a dimension with almost no KL carries no information about the image.
        """;

    protected override string? Problem(ParseResult parsed) => _model.Problem(parsed);

    protected override int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputFile.Check(path);
        (ImageRows images, IReadOnlyList<TraversedDimension> rows) = Traversal.Run(RequestOf(parsed));
        ImageFile.Write(path, images);
        for (int row = 0; row < rows.Count; row++)
        {
            string kl = double.IsNaN(rows[row].Kl) ? "KL not known: no whole epoch yet" : Invariant($"KL {rows[row].Kl:0.000} nats");
            Terminal.Error.WriteLine(Invariant($"row {row + 1}: dimension {rows[row].Dimension}, {kl}"));
        }

        Terminal.Print(path);
        return ExitCode.Done;
    }

    internal TraverseRequest RequestOf(ParseResult parsed) => _model.Into(
        new TraverseRequest
        {
            Dimensions = parsed.GetValue(_dimensions),
            Steps = parsed.GetValue(_steps),
            Range = parsed.GetValue(_range),
        },
        parsed);
}
