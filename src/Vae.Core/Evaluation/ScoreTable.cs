namespace Vae.Core.Evaluation;

/// <summary>The figures of every image of a set, written by several threads, each its own images.</summary>
internal sealed class ScoreTable
{
    private readonly int _samples;
    private readonly LatentModel _model;
    private readonly int[] _rungs;
    private readonly ImageScore[] _scores;
    private readonly double[][] _bounds;    // [rungs][N]
    private readonly double[][] _effective; // [rungs][N]
    private readonly double?[] _variances;  // of the last rung's bounds, [N]
    private readonly double[]?[] _klPerDimension; // [N], some images at the place of the first of them
    private readonly double[][]?[] _figures;      // likewise, of the model's own figures

    /// <summary>Makes room.</summary>
    /// <param name="images">N.</param>
    /// <param name="samples">K.</param>
    /// <param name="model">What is evaluated.</param>
    public ScoreTable(int images, int samples, LatentModel model)
    {
        _samples = samples;
        _model = model;
        _rungs = BoundLadder.RungsTo(samples);
        _scores = new ImageScore[images];
        _bounds = [.. _rungs.Select(_ => new double[images])];
        _effective = [.. _rungs.Select(_ => new double[images])];
        _variances = new double?[images];
        _klPerDimension = new double[images][];
        _figures = new double[images][][];
    }

    /// <summary>Keeps one image's figures.</summary>
    public void Set(int image, double reconstruction, double kl, BoundLadder ladder)
    {
        for (int rung = 0; rung < _rungs.Length; rung++)
        {
            _bounds[rung][image] = ladder.Bound(rung);
            _effective[rung][image] = ladder.EffectiveSampleSize(rung);
        }

        _variances[image] = ladder.Variance();
        _scores[image] = new ImageScore(reconstruction, kl, _bounds[^1][image], _effective[^1][image]);
    }

    /// <summary>Keeps what stands for some images together.</summary>
    /// <param name="start">The first of the images.</param>
    /// <param name="klPerDimension">KLs in nats, or their sums, [B, D] or [D]; empty where there are none.</param>
    /// <param name="figures">Sums of the model's own figures.</param>
    public void SetSums(int start, double[] klPerDimension, double[][] figures)
    {
        _klPerDimension[start] = klPerDimension;
        _figures[start] = figures;
    }

    /// <summary>The means over all images.</summary>
    /// <param name="activeUnits">Dimensions in use, where that is known.</param>
    /// <param name="decomposition">The KL's parts; null where they are not known.</param>
    public EvaluationResult Summarize(int? activeUnits, KlDecomposition? decomposition)
    {
        CurvePoint[] curve = [.. _rungs.Select((k, rung) => Point(k, _bounds[rung], _effective[rung]))];
        return new EvaluationResult
        {
            Images = _scores.Length,
            ImportanceSamples = _samples,
            Reconstruction = _scores.Average(score => score.Reconstruction),
            Kl = _scores.Average(score => score.Kl),
            KlPerDimension = KlPerDimension(),
            MonteCarloError = _variances.Contains(null) ? null : Math.Sqrt(_variances.Sum()!.Value) / _scores.Length,
            Curve = curve,
            BitsPerDimension = _model.Likelihood is { MeasuresImages: true, Pixels: int pixels }
                ? -curve[^1].LogLikelihood / (pixels * Math.Log(2))
                : null,
            ActiveUnits = activeUnits,
            Latent = _model.Latent,
            Figures = Figures(),
            Decomposition = decomposition,
            Scores = _scores,
        };
    }

    /// <summary>Summed in the order of the images, so that no thread's haste changes the last bit.</summary>
    private double[] KlPerDimension()
    {
        if (_klPerDimension.All(values => values is null or []))
        {
            return [];
        }

        double[] means = new double[_model.Latent];
        foreach (double[] values in _klPerDimension.OfType<double[]>())
        {
            for (int i = 0; i < values.Length; i++)
            {
                means[i % means.Length] += values[i] / _scores.Length;
            }
        }

        return means;
    }

    private Dictionary<string, double> Figures() => _model.Figures.Select((figure, i) =>
    {
        double[] sums = new double[figure.Length];
        foreach (double[][] part in _figures.OfType<double[][]>())
        {
            System.Numerics.Tensors.TensorPrimitives.Add(sums, part[i], sums);
        }

        return KeyValuePair.Create(figure.Name, figure.Of(sums, _scores.Length));
    }).ToDictionary();

    private static CurvePoint Point(int samples, double[] bounds, double[] effective)
    {
        Estimate mean = Estimate.Of(bounds);
        return new CurvePoint(samples, mean.Value, mean.StandardError, effective.Average());
    }
}
