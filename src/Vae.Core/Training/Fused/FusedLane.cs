using System.Runtime.Intrinsics;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Objectives;
using Vae.Core.Priors;

namespace Vae.Core.Training.Fused;

/// <summary>
/// One thread's part of a batch: its images through forward and backward pass, then its rows of every weight. What a lane writes, no other
/// lane reads before the next meeting of the team.
/// </summary>
internal sealed class FusedLane : IDisposable
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly FusedModel _model;
    private readonly int _images;            // of the batch
    private readonly int _firstImage;
    private readonly int _endImage;
    private readonly int _firstComponent;
    private readonly int _endComponent;
    private readonly DenseLayer.Rows[] _componentRows;
    private readonly DenseLayer.Rows[] _encoderRows;
    private readonly DenseLayer.Rows[] _decoderRows;
    private readonly DenseLayer.WeightShare[] _shares;
    private readonly MixtureComponents.Rows? _mixture;
    private readonly (int Start, int Length)[] _priorPieces;
    private readonly double[] _klSums;
    private readonly float[] _klOfImage;
    private readonly float[] _klScratch;
    private readonly double[] _logLikelihood; // [b·K]
    private readonly double[] _logPrior;     // [b·K]
    private readonly float[] _rowWeights;    // of each draw in the gradient, [b·K]
    private FusedLane[] _lanes = [];
    private MixtureComponents.Rows[] _mixtures = [];

    /// <summary>Cuts a lane.</summary>
    /// <param name="model">The layout.</param>
    /// <param name="worker">Which lane.</param>
    /// <param name="workers">Of how many.</param>
    /// <param name="images">B of the batches this is for.</param>
    public FusedLane(FusedModel model, int worker, int workers, int images)
    {
        _model = model;
        _images = images;
        (_firstImage, _endImage) = WorkerTeam.Share(worker, workers, images);
        (_firstComponent, _endComponent) = WorkerTeam.Share(worker, workers, model.Components?.Count ?? 0);
        int offset = model.ComponentRows;
        _componentRows = offset == 0 ? [] : Slices(model.Encoder, _firstComponent, _endComponent, model.PseudoInputGradient);
        _encoderRows = Slices(model.Encoder, offset + _firstImage, offset + _endImage, null);
        _decoderRows = Slices(model.Decoder, _firstImage * model.Draws, _endImage * model.Draws, model.LatentGradient);
        _shares =
        [
            .. model.Encoder.Select(layer => layer.Share(0, offset + images, worker, workers)),
            .. model.Decoder.Select(layer => layer.Share(0, images * model.Draws, worker, workers)),
        ];
        int rows = (_endImage - _firstImage) * model.Draws;
        _mixture = model.Components?.NewRows(rows);
        _klOfImage = new float[_endImage - _firstImage];
        _klScratch = new float[model.Latent];
        _logLikelihood = new double[rows];
        _logPrior = new double[rows];
        _rowWeights = new float[rows];
        _priorPieces = [.. PriorPieces()];
        KlPerDimension = new double[model.Latent];
        _klSums = new double[model.Latent];
        KlWeights = new float[model.Latent];
    }

    /// <summary>Σ over the lane's images of the KL from N(0, I) in closed form, dimension by dimension, [D].</summary>
    private double[] KlPerDimension { get; }

    /// <summary>The weight of each dimension's KL in the loss of an image, [D].</summary>
    public float[] KlWeights { get; }

    /// <summary>Sums over the lane's images; the loss without what the whole batch is charged.</summary>
    public StepSums Sums { get; private set; }

    /// <summary>Σ of the squares of the gradients of the lane's weights.</summary>
    public double GradientSquares { get; private set; }

    /// <summary>Makes the lanes of a batch known to each other.</summary>
    public void Join(FusedLane[] lanes)
    {
        _lanes = lanes;
        _mixtures = [.. lanes.Select(lane => lane._mixture).OfType<MixtureComponents.Rows>()];
    }

    /// <summary>Adds the closed-form KL of the lane's images, dimension by dimension.</summary>
    public void AddKlTo(Span<double> sums)
    {
        for (int d = 0; d < sums.Length; d++)
        {
            sums[d] += KlPerDimension[d];
        }
    }

    /// <summary>The closed-form KL of all lanes' images or of this lane's, dimension by dimension, in memory of the lane, [D].</summary>
    public Span<double> SumKl(bool wholeBatch)
    {
        Array.Clear(_klSums);
        foreach (FusedLane lane in wholeBatch ? _lanes : [])
        {
            lane.AddKlTo(_klSums);
        }

        return _klSums;
    }

    /// <summary>The images of the lane: pixels, and the posterior's noise unless nothing is to be drawn.</summary>
    public void Load(BatchLoader loader, ReadOnlySpan<int> indices, int epoch, RandomStream? noise)
    {
        int pixels = _model.Pixels;
        int length = _model.Draws * _model.Latent;
        for (int i = _firstImage; i < _endImage; i++)
        {
            Span<float> input = _model.Input.Slice((_model.ComponentRows + i) * pixels, pixels);
            int published = loader.LoadRow(indices[i], epoch, input, _model.Target is { } target ? target.Slice(i * pixels, pixels) : input);
            noise?.Normal(epoch, (uint)published, _model.Noise.Slice(i * length, length));
        }
    }

    /// <summary>The lane's components of the prior, as they stand.</summary>
    public void PrepareComponents()
    {
        switch (_model.Prior)
        {
            case VampPrior vamp:
                EncodePseudoInputs(_model.Value(vamp.PseudoInputs));
                break;
            case MixturePrior mixture:
                BoundComponents(mixture);
                break;
        }
    }

    /// <summary>q(z|x) of the lane's images, and its KL from N(0, I).</summary>
    public void Encode()
    {
        Forward(_encoderRows);
        int offset = _model.ComponentRows;
        _model.Head.Forward(offset + _firstImage, offset + _endImage);
        Array.Clear(KlPerDimension);
        for (int i = _firstImage; i < _endImage; i++)
        {
            Array.Clear(_klScratch);
            _model.Head.AddKl(offset + i, _klScratch);
            double sum = 0;
            for (int d = 0; d < _klScratch.Length; d++)
            {
                KlPerDimension[d] += _klScratch[d];
                sum += _klScratch[d];
            }

            _klOfImage[i - _firstImage] = (float)sum;
        }
    }

    /// <summary>Draws, decodes and scores, and goes back to the gradients of the draws and of the components.</summary>
    public void Decode(FusedObjective objective, double klWeight)
    {
        int latent = _model.Latent;
        int draws = _model.Draws;
        for (int i = _firstImage; i < _endImage; i++)
        {
            Span<float> z = _model.Latents.Slice(i * draws * latent, draws * latent);
            if (objective.IsDeterministic)
            {
                _model.Head.Mean.Slice((_model.ComponentRows + i) * latent, latent).CopyTo(z);
            }
            else
            {
                _model.Head.Draw(_model.ComponentRows + i, _model.Noise.Slice(i * draws * latent, draws * latent), z);
            }
        }

        Forward(_decoderRows);
        float scale = objective.Importance is null ? -1f / (_images * draws) : -1f / _images;
        FloatBuffer targets = _model.Target ?? _model.Input;
        int firstTarget = _model.Target is null ? _model.ComponentRows + _firstImage : _firstImage;
        int count = _endImage - _firstImage;
        _model.Likelihood.Run(
            _model.Decoder[^1], _firstImage * draws, targets.Slice(firstTarget * _model.Pixels, count * _model.Pixels), count, draws, scale, _logLikelihood);
        ScorePrior(objective);
        Weigh(objective, klWeight);
        Backward(_decoderRows);
        AddPriorGradient(objective);
    }

    /// <summary>The gradients of the lane's components, once all lanes have scored their draws.</summary>
    public void ReduceComponents()
    {
        switch (_model.Prior)
        {
            case VampPrior vamp:
                ReducePseudoInputs(_model.Value(vamp.PseudoInputs));
                break;
            case MixturePrior mixture:
                ReduceMixture(mixture);
                break;
        }
    }

    /// <summary>From the gradients of the draws, and of the KL in closed form, back through the encoder.</summary>
    /// <param name="objective">What is minimized.</param>
    /// <param name="klWeight">The weight of a KL that is estimated from draws.</param>
    public void BackwardEncoder(FusedObjective objective, double klWeight)
    {
        int latent = _model.Latent;
        int length = _model.Draws * latent;
        bool closedForm = objective.Importance is null && _model.Components is null && !objective.IsDeterministic;
        float entropyWeight = objective.Importance switch
        {
            IwaeGradient.Standard => 1f / _images,
            null when _model.Components is not null => (float)(klWeight / _images),
            _ => 0,
        };
        for (int i = _firstImage; i < _endImage; i++)
        {
            _model.Head.Backward(
                _model.ComponentRows + i,
                _model.LatentGradient.Slice(i * length, length),
                objective.IsDeterministic ? default : _model.Noise.Slice(i * length, length),
                closedForm ? KlWeights : default,
                entropyWeight);
        }

        Backward(_encoderRows);
    }

    /// <summary>The gradients of the lane's rows of every weight, once all lanes are through.</summary>
    public void ComputeWeightGradients(bool withSquares)
    {
        foreach (DenseLayer.WeightShare share in _shares)
        {
            share.Compute();
        }

        GradientSquares = withSquares ? _shares.Sum(share => Squares(share.Pieces.Weights) + Squares(share.Pieces.Biases)) + _priorPieces.Sum(Squares) : 0;
    }

    /// <summary>Updates the lane's weights.</summary>
    public void Update(FusedOptimizer optimizer, float scale)
    {
        foreach (DenseLayer.WeightShare share in _shares)
        {
            ((int Start, int Length) weights, (int Start, int Length) biases) = share.Pieces;
            optimizer.Update(weights.Start, weights.Length, scale);
            optimizer.Update(biases.Start, biases.Length, scale);
        }

        foreach ((int start, int length) in _priorPieces)
        {
            optimizer.Update(start, length, scale);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach([.. _componentRows, .. _encoderRows, .. _decoderRows], rows => rows.Dispose());
        Array.ForEach(_shares, share => share.Dispose());
        _mixture?.Dispose();
    }

    private static DenseLayer.Rows[] Slices(DenseLayer[] layers, int start, int end, FloatBuffer? inputGradient) =>
        [.. layers.Select((layer, i) => layer.Slice(start, end, i == 0 ? inputGradient : layers[i - 1].ValueGradient))];

    private static void Forward(DenseLayer.Rows[] layers)
    {
        foreach (DenseLayer.Rows layer in layers)
        {
            layer.Forward();
        }
    }

    private static void Backward(DenseLayer.Rows[] layers)
    {
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            layers[i].Backward();
        }
    }

    private static float SumOfSquares(ReadOnlySpan<float> values)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (int i = 0; i < values.Length; i += Vectors.Width)
        {
            Vector512<float> v = Vectors.Load(values, i);
            sum += v * v;
        }

        return Vector512.Sum(sum);
    }

    private double Squares((int Start, int Length) piece) =>
        Vectors.SumOfSquares(_model.Parameters.Gradients.Slice(piece.Start, piece.Length));

    private IEnumerable<(int Start, int Length)> PriorPieces()
    {
        int count = _endComponent - _firstComponent;
        if (count == 0)
        {
            yield break;
        }

        switch (_model.Prior)
        {
            case VampPrior vamp:
                yield return (_model.Parameters.Offset(vamp.PseudoInputs) + (_firstComponent * _model.Pixels), count * _model.Pixels);
                break;
            case MixturePrior mixture:
                yield return (_model.Parameters.Offset(mixture.Means) + (_firstComponent * _model.Latent), count * _model.Latent);
                yield return (_model.Parameters.Offset(mixture.LogVariances) + (_firstComponent * _model.Latent), count * _model.Latent);
                yield return (_model.Parameters.Offset(mixture.Logits) + _firstComponent, count);
                break;
        }
    }

    private void EncodePseudoInputs(ReadOnlySpan<float> pseudoInputs)
    {
        int start = _firstComponent * _model.Pixels;
        int length = (_endComponent - _firstComponent) * _model.Pixels;
        Span<float> rows = _model.Input.Slice(start, length);
        for (int i = 0; i < length; i += Vectors.Width)
        {
            Vector512<float> value = Vectors.Load(pseudoInputs.Slice(start, length), i);
            Vectors.Store(Vector512.Min(Vector512.Max(value, Vector512<float>.Zero), Vector512<float>.One), rows, i);
        }

        Forward(_componentRows);
        _model.Head.Forward(_firstComponent, _endComponent);
        double logWeight = -Math.Log(_model.ComponentRows);
        int latent = _model.Latent;
        for (int c = _firstComponent; c < _endComponent; c++)
        {
            _model.Components!.Set(c, logWeight, _model.Head.Mean.Slice(c * latent, latent), _model.Head.LogVariance.Slice(c * latent, latent));
        }
    }

    private void BoundComponents(MixturePrior mixture)
    {
        int latent = _model.Latent;
        ReadOnlySpan<float> logits = _model.Value(mixture.Logits);
        ReadOnlySpan<float> means = _model.Value(mixture.Means);
        ReadOnlySpan<float> logVariances = _model.Value(mixture.LogVariances);
        double logTotal = LogSumExp(logits);
        for (int c = _firstComponent; c < _endComponent; c++)
        {
            ReadOnlySpan<float> unbounded = logVariances.Slice(c * latent, latent);
            for (int d = 0; d < latent; d += Vectors.Width)
            {
                Vectors.Store(Bound(unbounded, d).Value, _klScratch, d);
            }

            _model.Components!.Set(c, logits[c] - logTotal, means.Slice(c * latent, latent), _klScratch);
        }
    }

    private static (Vector512<float> Value, Vector512<float> Slope) Bound(ReadOnlySpan<float> unbounded, int start) => SmoothClampVector.Apply(
        Vectors.Load(unbounded, start),
        Vector512.Create((float)LogVarianceBound.Wide.Minimum),
        Vector512.Create((float)LogVarianceBound.Wide.Maximum));

    private static double LogSumExp(ReadOnlySpan<float> values)
    {
        double largest = double.NegativeInfinity;
        foreach (float value in values)
        {
            largest = Math.Max(largest, value);
        }

        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Exp(value - largest);
        }

        return largest + Math.Log(sum);
    }

    // log p(z) of each draw, where the objective wants it, in nats and whole.
    private void ScorePrior(FusedObjective objective)
    {
        int latent = _model.Latent;
        int firstRow = _firstImage * _model.Draws;
        if (_mixture is not null)
        {
            _mixture.Forward(_model.Latents.Slice(firstRow * latent, _logPrior.Length * latent), _logPrior);
        }
        else if (objective.Importance is not null)
        {
            for (int row = 0; row < _logPrior.Length; row++)
            {
                _logPrior[row] = -0.5 * (SumOfSquares(_model.Latents.Slice((firstRow + row) * latent, latent)) + (latent * LogTwoPi));
            }
        }
    }

    // The figures of the lane, and the weight of each draw.
    private void Weigh(FusedObjective objective, double klWeight)
    {
        double loss = 0;
        double reconstruction = 0;
        double kl = 0;
        int draws = _model.Draws;
        for (int image = 0; image < _klOfImage.Length; image++)
        {
            Span<double> logLikelihood = _logLikelihood.AsSpan(image * draws, draws);
            double mean = 0;
            foreach (double value in logLikelihood)
            {
                mean += value;
            }

            mean /= draws;
            double divergence = _mixture is null ? _klOfImage[image] : MeanLogRatio(image);
            reconstruction += mean;
            kl += divergence;
            if (objective.Importance is not null)
            {
                loss -= WeighByImportance(image);
            }
            else
            {
                _rowWeights.AsSpan(image * draws, draws).Fill((float)(klWeight / (_images * draws)));
                loss += (_mixture is null ? 0 : klWeight * divergence) - mean;
            }
        }

        Sums = new StepSums(loss, reconstruction, kl);
    }

    // E_q[log q(z|x) − log p(z)] by the image's draws.
    private double MeanLogRatio(int image)
    {
        double sum = 0;
        for (int k = 0; k < _model.Draws; k++)
        {
            sum += LogPosterior(image, k) - _logPrior[(image * _model.Draws) + k];
        }

        return sum / _model.Draws;
    }

    private double LogPosterior(int image, int draw)
    {
        int latent = _model.Latent;
        int row = ((_firstImage + image) * _model.Draws) + draw;
        float part = _model.Head.LogProbability(_model.ComponentRows + _firstImage + image, _model.Noise.Slice(row * latent, latent));
        return part - (0.5 * latent * LogTwoPi);
    }

    // The image's importance-weighted bound; the weights w̃ go to its draws and onto the gradient of their log-likelihood.
    private double WeighByImportance(int image)
    {
        int draws = _model.Draws;
        int first = image * draws;
        double largest = double.NegativeInfinity;
        for (int k = 0; k < draws; k++)
        {
            double logWeight = _logLikelihood[first + k] + _logPrior[first + k] - LogPosterior(image, k);
            _logPrior[first + k] = logWeight; // its place is free now
            largest = Math.Max(largest, logWeight);
        }

        double sum = 0;
        for (int k = 0; k < draws; k++)
        {
            sum += Math.Exp(_logPrior[first + k] - largest);
        }

        DenseLayer output = _model.Decoder[^1];
        for (int k = 0; k < draws; k++)
        {
            float weight = (float)(Math.Exp(_logPrior[first + k] - largest) / sum);
            _rowWeights[first + k] = weight / _images;
            int row = (_firstImage * draws) + first + k;
            Vectors.Scale(output.Values.Slice(row * output.Width, output.Width), weight);
        }

        return largest + Math.Log(sum / draws);
    }

    // The part of the loss that reaches the draws by way of log p(z) and, with the posterior's parameters held, of log q(z|x).
    private void AddPriorGradient(FusedObjective objective)
    {
        int latent = _model.Latent;
        int firstRow = _firstImage * _model.Draws;
        Span<float> gradient = _model.LatentGradient.Slice(firstRow * latent, _rowWeights.Length * latent);
        if (_mixture is not null)
        {
            Vectors.Scale(_rowWeights, -1);
            _mixture.Backward(_rowWeights, gradient);
            Vectors.Scale(_rowWeights, -1);
        }

        if (objective.Importance is not { } kind)
        {
            return;
        }

        for (int row = 0; row < _rowWeights.Length; row++)
        {
            Span<float> toLatents = gradient.Slice(row * latent, latent);
            if (_mixture is null)
            {
                AddScaled(_model.Latents.Slice((firstRow + row) * latent, latent), _rowWeights[row], toLatents);
            }

            if (kind != IwaeGradient.Standard)
            {
                int posterior = _model.ComponentRows + ((firstRow + row) / _model.Draws);
                _model.Head.AddScoreOfPath(posterior, _model.Noise.Slice((firstRow + row) * latent, latent), -_rowWeights[row], toLatents);
            }

            if (kind == IwaeGradient.Dreg)
            {
                Vectors.Scale(toLatents, _rowWeights[row] * _images);
            }
        }
    }

    private static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i += Vectors.Width)
        {
            Vectors.Store(Vectors.Load(destination, i) + (Vectors.Load(source, i) * factor), destination, i);
        }
    }

    private void ReducePseudoInputs(ReadOnlySpan<float> pseudoInputs)
    {
        MixtureComponents components = _model.Components!;
        int latent = _model.Latent;
        for (int c = _firstComponent; c < _endComponent; c++)
        {
            components.Reduce(c, _mixtures);
            _model.Head.Backward(c, components.MeanGradient.Slice(c * latent, latent), components.LogVarianceGradient.Slice(c * latent, latent));
        }

        Backward(_componentRows);
        int start = _firstComponent * _model.Pixels;
        int length = (_endComponent - _firstComponent) * _model.Pixels;
        ReadOnlySpan<float> values = pseudoInputs.Slice(start, length);
        Span<float> gradient = _model.PseudoInputGradient!.Slice(start, length);
        for (int i = 0; i < length; i++)
        {
            gradient[i] = values[i] is >= 0 and <= 1 ? gradient[i] : 0; // clipped: no gradient
        }
    }

    private void ReduceMixture(MixturePrior mixture)
    {
        MixtureComponents components = _model.Components!;
        int latent = _model.Latent;
        ReadOnlySpan<float> logits = _model.Value(mixture.Logits);
        double logTotal = LogSumExp(logits);
        double weights = _lanes.Sum(lane => -(double)lane._rowWeights.Sum()); // Σ of the responsibilities of all components
        for (int c = _firstComponent; c < _endComponent; c++)
        {
            double count = components.Reduce(c, _mixtures);
            components.MeanGradient.Slice(c * latent, latent).CopyTo(_model.Gradient(mixture.Means)[(c * latent)..]);
            ReadOnlySpan<float> unbounded = _model.Value(mixture.LogVariances).Slice(c * latent, latent);
            Span<float> gradient = _model.Gradient(mixture.LogVariances).Slice(c * latent, latent);
            ReadOnlySpan<float> bounded = components.LogVarianceGradient.Slice(c * latent, latent);
            for (int d = 0; d < latent; d += Vectors.Width)
            {
                Vectors.Store(Vectors.Load(bounded, d) * Bound(unbounded, d).Slope, gradient, d);
            }

            _model.Gradient(mixture.Logits)[c] = (float)(count - (Math.Exp(logits[c] - logTotal) * weights));
        }
    }
}
