using Vae.Core.Training.Optimizers;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Objectives;

namespace Vae.Core.Training.Fused;

/// <summary>
/// One thread's part of a batch: its images through forward and backward pass, then its rows of every weight. What a lane writes, no other
/// lane reads before the next meeting of the team.
/// </summary>
internal sealed class FusedLane : ITeamLane
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly FusedModel _model;
    private readonly int _images;            // of the batch
    private readonly int _firstImage;
    private readonly int _endImage;
    private readonly LanePrior _prior;
    private readonly RowChain _encoder;
    private readonly RowChain _decoder;
    private readonly LayerBuffers.WeightShare[] _shares;
    private readonly (int Start, int Length)[] _priorPieces;
    private readonly double[] _klSums;
    private readonly float[] _klOfImage;
    private readonly float[] _klScratch;
    private readonly double[] _logLikelihood; // [b·K]
    private readonly double[] _logPrior;     // [b·K]
    private readonly float[] _rowWeights;    // of each draw in the gradient, [b·K]
    private FusedLane[] _lanes = [];

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
        int offset = model.ComponentRows;
        int rows = (_endImage - _firstImage) * model.Draws;
        _prior = LanePrior.For(model, worker, workers, rows);
        _priorPieces = [.. _prior.Pieces.Where(piece => piece.Length > 0)];
        _encoder = new RowChain(model.Encoder, offset + _firstImage, offset + _endImage, null);
        _decoder = new RowChain(model.Decoder, _firstImage * model.Draws, _endImage * model.Draws, model.LatentGradient);
        _shares =
        [
            .. model.Encoder.Select(layer => layer.Share(0, offset + images, worker, workers)),
            .. model.Decoder.Select(layer => layer.Share(0, images * model.Draws, worker, workers)),
        ];
        _klOfImage = new float[_endImage - _firstImage];
        _klScratch = new float[model.Latent];
        _logLikelihood = new double[rows];
        _logPrior = new double[rows];
        _rowWeights = new float[rows];
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
        _prior.Join([.. lanes.Select(lane => lane._prior)]);
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
    public void PrepareComponents() => _prior.Prepare();

    /// <summary>q(z|x) of the lane's images, and its KL from N(0, I).</summary>
    public void Encode()
    {
        _encoder.Forward();
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

        _decoder.Forward();
        float scale = objective.Importance is null ? -1f / (_images * draws) : -1f / _images;
        TensorBuffer<float> targets = _model.Target ?? _model.Input;
        int firstTarget = _model.Target is null ? _model.ComponentRows + _firstImage : _firstImage;
        int count = _endImage - _firstImage;
        _model.Likelihood.Run(
            _model.Decoder[^1], _firstImage * draws, targets.Slice(firstTarget * _model.Pixels, count * _model.Pixels), count, draws, scale, _logLikelihood);
        if (objective.Importance is not null || _model.Components is not null)
        {
            _prior.Score(_model.Latents.Slice(_firstImage * draws * latent, count * draws * latent), _logPrior);
        }

        Weigh(objective, klWeight);
        _decoder.Backward();
        AddPriorGradient(objective);
    }

    /// <summary>The gradients of the lane's components, once all lanes have scored their draws.</summary>
    public void ReduceComponents() => _prior.Reduce();

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

        _encoder.Backward();
    }

    /// <summary>The gradients of the lane's rows of every weight, once all lanes are through.</summary>
    public void ComputeWeightGradients(bool withSquares)
    {
        foreach (LayerBuffers.WeightShare share in _shares)
        {
            share.Compute();
        }

        GradientSquares = withSquares ? _shares.Sum(share => Squares(share.Pieces.Weights) + Squares(share.Pieces.Biases)) + _priorPieces.Sum(Squares) : 0;
    }

    /// <summary>Updates the lane's weights from their gradients.</summary>
    public void Update(FlatOptimizer optimizer, float scale)
    {
        foreach (LayerBuffers.WeightShare share in _shares)
        {
            share.Update(optimizer, scale);
        }

        UpdatePrior(optimizer, scale);
    }

    /// <summary>Both at once, layer by layer; the gradients of weights are kept only where a library works them out.</summary>
    public void ComputeWeightGradientsAndUpdate(FlatOptimizer optimizer)
    {
        foreach (LayerBuffers.WeightShare share in _shares)
        {
            share.ComputeAndUpdate(optimizer);
        }

        UpdatePrior(optimizer, 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _prior.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
        Array.ForEach(_shares, share => share.Dispose());
    }

    private void UpdatePrior(FlatOptimizer optimizer, float scale)
    {
        foreach ((int start, int length) in _priorPieces)
        {
            optimizer.Update(start, length, scale);
        }
    }

    private double Squares((int Start, int Length) piece) =>
        Vectors.SumOfSquares(_model.Parameters.Gradients.Slice(piece.Start, piece.Length));

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
            double divergence = _model.Components is null ? _klOfImage[image] : MeanLogRatio(image);
            reconstruction += mean;
            kl += divergence;
            if (objective.Importance is not null)
            {
                loss -= WeighByImportance(image);
            }
            else
            {
                _rowWeights.AsSpan(image * draws, draws).Fill((float)(klWeight / (_images * draws)));
                loss += (_model.Components is null ? 0 : klWeight * divergence) - mean;
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
        Span<double> weights = _logPrior.AsSpan(first, draws); // the logarithms' place is free after this
        for (int k = 0; k < draws; k++)
        {
            weights[k] += _logLikelihood[first + k] - LogPosterior(image, k);
        }

        double logSum = ResponsibilityKernel.Normalize(weights);
        LayerBuffers output = _model.Decoder[^1];
        for (int k = 0; k < draws; k++)
        {
            float weight = (float)weights[k];
            _rowWeights[first + k] = weight / _images;
            int row = (_firstImage * draws) + first + k;
            Vectors.Scale(output.Values.Slice(row * output.Width, output.Width), weight);
        }

        return logSum - Math.Log(draws);
    }

    // The part of the loss that reaches the draws by way of log p(z) and, with the posterior's parameters held, of log q(z|x).
    private void AddPriorGradient(FusedObjective objective)
    {
        int latent = _model.Latent;
        int firstRow = _firstImage * _model.Draws;
        Span<float> gradient = _model.LatentGradient.Slice(firstRow * latent, _rowWeights.Length * latent);
        if (objective.Importance is not null || _model.Components is not null)
        {
            _prior.AddGradient(_rowWeights, _model.Latents.Slice(firstRow * latent, gradient.Length), gradient);
        }

        if (objective.Importance is not (IwaeGradient.Dreg or IwaeGradient.Stl))
        {
            return;
        }

        for (int row = 0; row < _rowWeights.Length; row++)
        {
            Span<float> toLatents = gradient.Slice(row * latent, latent);
            int posterior = _model.ComponentRows + ((firstRow + row) / _model.Draws);
            _model.Head.AddScoreOfPath(posterior, _model.Noise.Slice((firstRow + row) * latent, latent), -_rowWeights[row], toLatents);
            if (objective.Importance == IwaeGradient.Dreg)
            {
                Vectors.Scale(toLatents, _rowWeights[row] * _images);
            }
        }
    }
}
