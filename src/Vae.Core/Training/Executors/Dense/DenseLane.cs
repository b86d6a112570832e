namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// One thread's part of a batch: its images through forward and backward pass, then its rows of every weight. What a lane writes, no other
/// lane reads before the next meeting of the team.
/// </summary>
internal sealed class DenseLane : IDisposable
{
    private readonly DenseLayout _layout;
    private readonly int _batch;             // images of the batch
    private readonly int _firstImage;
    private readonly int _endImage;
    private readonly bool _needsPrior;       // the KL is not in closed form
    private readonly PseudoInputs.Lane? _prior; // null for N(0, I)
    private PseudoInputs.Lane[] _priors = [];   // of all lanes
    private readonly RowChain _encoder;
    private readonly RowChain _decoder;
    private readonly LayerBuffers.WeightShare[] _shares;
    private readonly float[] _klScratch;     // [D]
    private readonly double[] _kl;           // from N(0, I), [b]
    private readonly double[] _logLikelihood; // [b·K]
    private readonly double[] _logPrior;     // [b·K]
    private readonly float[] _rowWeights;    // of each draw in the gradient, [b·K]

    public DenseLane(DenseLayout layout, int worker, int workers, int images)
    {
        _layout = layout;
        _batch = images;
        (_firstImage, _endImage) = WorkerTeam.Share(worker, workers, images);
        _needsPrior = layout.Loss != DenseLoss.Elbo || layout.PseudoInputs is not null;
        int firstRow = layout.FirstImageRow;
        int rows = (_endImage - _firstImage) * layout.Draws;
        _prior = layout.PseudoInputs is null ? null : new PseudoInputs.Lane(layout, worker, workers, rows);
        _encoder = new RowChain(layout.Encoder, firstRow + _firstImage, firstRow + _endImage, null);
        _decoder = new RowChain(layout.Decoder, _firstImage * layout.Draws, _endImage * layout.Draws, layout.LatentGradient);
        _shares =
        [
            .. layout.Encoder.Select(layer => new LayerBuffers.WeightShare(layer, firstRow + images, worker, workers)),
            .. layout.Decoder.Select(layer => new LayerBuffers.WeightShare(layer, images * layout.Draws, worker, workers)),
        ];
        IEnumerable<(int Start, int Length)> pieces = _shares.SelectMany(share => new[] { share.Weights, share.Biases });
        Pieces = [.. pieces.Append(_prior?.Piece ?? default).Where(piece => piece.Length > 0)];
        _klScratch = new float[layout.Latent];
        _kl = new double[_endImage - _firstImage];
        _logLikelihood = new double[rows];
        _logPrior = new double[rows];
        _rowWeights = new float[rows];
    }

    /// <summary>The lane's pieces of the flat parameters.</summary>
    public (int Start, int Length)[] Pieces { get; }

    /// <summary>Makes the lanes of a batch known to each other.</summary>
    public void Join(DenseLane[] lanes) => _priors = [.. lanes.Select(lane => lane._prior).OfType<PseudoInputs.Lane>()];

    /// <summary>The images of the lane: pixels, and the posterior's noise.</summary>
    public void Load(BatchLoader loader, ReadOnlySpan<int> indices, int epoch, RandomStream noise)
    {
        int pixels = _layout.Pixels;
        int length = _layout.Draws * _layout.Latent;
        for (int i = _firstImage; i < _endImage; i++)
        {
            Span<float> input = _layout.Input.Slice((_layout.FirstImageRow + i) * pixels, pixels);
            Span<float> target = _layout.Target is null ? input : _layout.Target.Slice(i * pixels, pixels);
            int published = loader.LoadRow(indices[i], epoch, input, target);
            noise.Normal(epoch, (uint)published, _layout.Noise.Slice(i * length, length));
        }
    }

    /// <summary>The lane's components of the prior, and q(z|x) of its images with its KL from N(0, I).</summary>
    public void Encode()
    {
        _prior?.Prepare();
        _encoder.Forward();
        _layout.Head.Forward(_layout.FirstImageRow + _firstImage, _layout.FirstImageRow + _endImage);
        for (int image = 0; image < _kl.Length; image++)
        {
            _layout.Head.Kl(PosteriorRow(image), _klScratch);
            _kl[image] = 0;
            foreach (float kl in _klScratch)
            {
                _kl[image] += kl;
            }
        }
    }

    /// <summary>Draws, decodes and scores, and goes back to the gradients of the draws and of the components.</summary>
    public StepSums Decode(double beta)
    {
        int latent = _layout.Latent;
        int draws = _layout.Draws;
        int count = _endImage - _firstImage;
        int firstRow = _firstImage * draws;
        int length = draws * latent;
        for (int image = 0; image < count; image++)
        {
            int start = (_firstImage + image) * length;
            _layout.Head.Draw(PosteriorRow(image), _layout.Noise.Slice(start, length), _layout.Latents.Slice(start, length));
        }

        _decoder.Forward();
        float scale = _layout.Loss == DenseLoss.Elbo ? -1f / (_batch * draws) : -1f / _batch;
        int firstTarget = _layout.Target is null ? _layout.FirstImageRow + _firstImage : _firstImage;
        Span<float> targets = (_layout.Target ?? _layout.Input).Slice(firstTarget * _layout.Pixels, count * _layout.Pixels);
        _layout.Likelihood.Run(_layout.Decoder[^1], firstRow, targets, count, draws, scale, _logLikelihood);
        ReadOnlySpan<float> latents = _layout.Latents.Slice(firstRow * latent, count * length);
        if (_needsPrior)
        {
            ScorePrior(latents);
        }

        StepSums sums = Weigh(beta);
        _decoder.Backward();
        if (_needsPrior)
        {
            AddPriorGradient(latents, _layout.LatentGradient.Slice(firstRow * latent, latents.Length));
        }

        return sums;
    }

    /// <summary>From the gradients of components and draws, and of the KL in closed form, back through the encoder.</summary>
    public void BackwardEncoder(double beta)
    {
        _prior?.Reduce(_priors);
        int length = _layout.Draws * _layout.Latent;
        float klWeight = _layout.Loss == DenseLoss.Elbo ? (float)(beta / _batch) : 0;
        float entropyWeight = _layout.Loss switch
        {
            DenseLoss.ImportanceWeighted => 1f / _batch,
            DenseLoss.Elbo when _needsPrior => klWeight,
            _ => 0,
        };
        for (int i = _firstImage; i < _endImage; i++)
        {
            _layout.Head.Backward(
                _layout.FirstImageRow + i,
                _layout.LatentGradient.Slice(i * length, length),
                _layout.Noise.Slice(i * length, length),
                _needsPrior ? 0 : klWeight,
                entropyWeight);
        }

        _encoder.Backward();
    }

    /// <summary>The gradients of the lane's rows of every weight, once all lanes are through.</summary>
    /// <param name="update">Updates them layer by layer, where gradients may be kept nowhere; null for not.</param>
    public void SumGradients(FlatOptimizer? update)
    {
        foreach (LayerBuffers.WeightShare share in _shares)
        {
            share.SumGradients(update);
        }

        if (_prior is { Piece: (int start, > 0 and int length) })
        {
            update?.Update(start, length, 1);
        }
    }

    public void Dispose()
    {
        _prior?.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
        Array.ForEach(_shares, share => share.Dispose());
    }

    private int PosteriorRow(int image) => _layout.FirstImageRow + _firstImage + image;

    private Span<float> NoiseOf(int row) => _layout.Noise.Slice(((_firstImage * _layout.Draws) + row) * _layout.Latent, _layout.Latent);

    // log q(z|x) of a draw in nats.
    private double LogPosterior(int row) =>
        _layout.Head.LogProbability(PosteriorRow(row / _layout.Draws), NoiseOf(row)) - (0.5 * _layout.Latent * DiagonalGaussian.LogTwoPi);

    // log p(z) of each draw in nats.
    private void ScorePrior(ReadOnlySpan<float> latents)
    {
        _prior?.Score(latents, _logPrior);
        for (int row = 0; _prior is null && row < _logPrior.Length; row++)
        {
            double squares = Vectors.SumOfSquares(latents.Slice(row * _layout.Latent, _layout.Latent));
            _logPrior[row] = -0.5 * (squares + (_layout.Latent * DiagonalGaussian.LogTwoPi));
        }
    }

    // The figures of the lane, and the weight of each draw.
    private StepSums Weigh(double beta)
    {
        StepSums sums = default;
        int draws = _layout.Draws;
        for (int image = 0; image < _kl.Length; image++)
        {
            double reconstruction = 0;
            double logRatio = 0; // log q(z|x) − log p(z)
            for (int row = image * draws; row < (image + 1) * draws; row++)
            {
                reconstruction += _logLikelihood[row] / draws;
                logRatio += _prior is null ? 0 : (LogPosterior(row) - _logPrior[row]) / draws;
            }

            double kl = _prior is null ? _kl[image] : logRatio;
            double loss = _layout.Loss == DenseLoss.Elbo ? (beta * kl) - reconstruction : -WeighByImportance(image);
            sums = new StepSums(sums.Loss + loss, sums.Reconstruction + reconstruction, sums.Kl + kl);
        }

        if (_layout.Loss == DenseLoss.Elbo)
        {
            Array.Fill(_rowWeights, (float)(beta / (_batch * draws)));
        }

        return sums;
    }

    // The image's importance-weighted bound; the weights w̃ go to its draws and onto the gradient of their log-likelihood.
    private double WeighByImportance(int image)
    {
        int draws = _layout.Draws;
        int first = image * draws;
        Span<double> weights = _logPrior.AsSpan(first, draws); // the logarithms' place is free after this
        for (int k = 0; k < draws; k++)
        {
            weights[k] += _logLikelihood[first + k] - LogPosterior(first + k);
        }

        double logSum = ResponsibilityKernel.Normalize(weights);
        LayerBuffers output = _layout.Decoder[^1];
        for (int k = 0; k < draws; k++)
        {
            float weight = (float)weights[k];
            _rowWeights[first + k] = weight / _batch;
            int row = (_firstImage * draws) + first + k;
            Vectors.Scale(output.Values.Slice(row * output.Width, output.Width), weight);
        }

        return logSum - Math.Log(draws);
    }

    // The part of the loss that reaches the draws by way of log p(z) and, with the posterior's parameters held, of log q(z|x).
    private void AddPriorGradient(ReadOnlySpan<float> latents, Span<float> gradient)
    {
        int latent = _layout.Latent;
        _prior?.AddGradient(_rowWeights, gradient);
        for (int row = 0; _prior is null && row < _rowWeights.Length; row++)
        {
            Vectors.AddScaled(latents.Slice(row * latent, latent), _rowWeights[row], gradient.Slice(row * latent, latent));
        }

        for (int row = 0; _layout.Loss == DenseLoss.DoublyReparameterized && row < _rowWeights.Length; row++)
        {
            Span<float> toLatents = gradient.Slice(row * latent, latent);
            _layout.Head.AddScoreOfPath(PosteriorRow(row / _layout.Draws), NoiseOf(row), -_rowWeights[row], toLatents);
            Vectors.Scale(toLatents, _rowWeights[row] * _batch);
        }
    }
}
