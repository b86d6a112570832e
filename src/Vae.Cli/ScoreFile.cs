using System.Globalization;
using System.Text;
using Vae.Core.Data.Formats;
using Vae.Core.Engine;
using Vae.Core.Evaluation;

namespace Vae.Cli;

/// <summary>Keeps each image's figures in a file: as arrays for programs, or as a table.</summary>
internal static class ScoreFile
{
    private static readonly (string Name, Func<ImageScore, double> Of)[] Columns =
    [
        ("elbo", static score => score.Elbo),
        ("reconstruction", static score => score.Reconstruction),
        ("kl", static score => score.Kl),
        ("log_likelihood", static score => score.LogLikelihood),
        ("ess", static score => score.EffectiveSampleSize),
    ];

    /// <summary>Writes the whole file or nothing. That it can be written is known before the evaluation begins.</summary>
    /// <param name="path">A .npz or a .csv.</param>
    /// <param name="evaluate">Gives the scores.</param>
    /// <returns>What the evaluation gave.</returns>
    public static EvaluationResult Write(string path, Func<EvaluationResult> evaluate)
    {
        bool isTable = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);
        EvaluationResult? result = null;
        AtomicFile.Write(path, file =>
        {
            result = evaluate();
            WriteTo(file, result, isTable);
        });
        return result!;
    }

    private static void WriteTo(Stream file, EvaluationResult result, bool isTable)
    {
        if (isTable)
        {
            WriteTable(file, result);
        }
        else
        {
            WriteArrays(file, result);
        }
    }

    private static void WriteArrays(Stream file, EvaluationResult result)
    {
        using NpzWriter archive = new NpzWriter(file);
        archive.AddColumn("index", NpyType.Int64).Append([.. Enumerable.Range(0, result.Images).Select(index => (long)index)]);
        if (result.Labels is { } labels)
        {
            archive.AddColumn("label", NpyType.Int64).Append([.. labels.Select(label => (long)label)]);
        }

        foreach ((string name, Func<ImageScore, double> of) in Columns)
        {
            archive.AddColumn(name, NpyType.Float32).Append([.. result.Scores.Select(score => (float)of(score))]);
        }

        archive.Complete();
    }

    private static void WriteTable(Stream file, EvaluationResult result)
    {
        using StreamWriter table = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        IEnumerable<string> names = ["index", .. result.Labels is null ? (string[])[] : ["label"], .. Columns.Select(column => column.Name)];
        table.WriteLine(string.Join(',', names));
        for (int index = 0; index < result.Images; index++)
        {
            StringBuilder line = new(index.ToString(CultureInfo.InvariantCulture));
            if (result.Labels is { } labels)
            {
                line.Append(CultureInfo.InvariantCulture, $",{labels[index]}");
            }

            foreach ((_, Func<ImageScore, double> of) in Columns)
            {
                line.Append(CultureInfo.InvariantCulture, $",{of(result.Scores[index]):0.######}");
            }

            table.WriteLine(line);
        }
    }
}
