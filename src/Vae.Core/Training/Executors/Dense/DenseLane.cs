namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// One thread's part of a batch: its images through forward and backward pass, then its rows of every weight. What a lane writes, no other
/// lane reads before the next meeting of the team.
/// </summary>
/// <param name="layout">The model, and the memory of all lanes.</param>
/// <param name="worker">Which thread.</param>
/// <param name="workers">Of how many.</param>
/// <param name="images">Images of the batch.</param>
/// <param name="share">Those of the lane; b of them.</param>
internal sealed class DenseLane(DenseLayout layout, int worker, int workers, int images, (int First, int End) share) : IDisposable
{
    private readonly bool _needsPrior = layout.Loss != DenseLoss.Elbo || layout.PseudoInputs is not null; // the KL is not in closed form
    private readonly PseudoInputs.Lane? _prior = layout.PseudoInputs is null ? null : new( // null for N(0, I)
        layout, WorkerTeam.Share(worker, workers, layout.PseudoInputs.Count), (share.End - share.First) * layout.Draws);

    private readonly RowChain _encoder = new(layout.Encoder, layout.FirstImageRow + share.First, layout.FirstImageRow + share.End, null);
    private readonly RowChain _decoder =
        new(layout.Decoder, share.First * layout.Draws, share.End * layout.Draws, layout.LatentGradient);

    private readonly LayerBuffers.WeightShare[] _shares =
    [
        .. layout.Encoder.Select(layer => new LayerBuffers.WeightShare(layer, layout.FirstImageRow + images, worker, workers)),
        .. layout.Decoder.Select(layer => new LayerBuffers.WeightShare(layer, images * layout.Draws, worker, workers)),
    ];

    private readonly float[] _klScratch = new float[layout.Latent];                                  // [D]
    private readonly double[] _kl = new double[share.End - share.First];                             // from N(0, I), [b]
    private readonly double[] _logLikelihood = new double[(share.End - share.First) * layout.Draws]; // [b·K]
    private readonly double[] _logPrior = new double[(share.End - share.First) * layout.Draws];      // [b·K]
    private readonly float[] _rowWeights = new float[(share.End - share.First) * layout.Draws];      // of draws in the gradient, [b·K]
    private PseudoInputs.Lane[] _priors = [];                                                        // of all lanes

    /// <summary>The lane's pieces of the flat parameters.</summary>
    public (int Start, int Length)[] Pieces => field ??=
    [
        .. _shares.SelectMany(own => new[] { own.Weights, own.Biases }).Append(_prior?.Piece ?? default).Where(piece => piece.Length > 0),
    ];

    /// <summary>Makes the lanes of a batch known to each other.</summary>
    public void Join(DenseLane[] lanes) => _priors = [.. lanes.Select(lane => lane._prior).OfType<PseudoInputs.Lane>()];

    /// <summary>The images of the lane: pixels, and the posterior's noise.</summary>
    public void Load(BatchLoader loader, ReadOnlySpan<int> indices, int epoch, RandomStream noise)
    {
        int pixels = layout.Pixels;
        int length = layout.Draws * layout.Latent;
        for (int i = share.First; i < share.End; i++)
        {
            Span<float> input = layout.Input.Slice((layout.FirstImageRow + i) * pixels, pixels);
            Span<float> target = layout.Target is null ? input : layout.Target.Slice(i * pixels, pixels);
            int published = loader.LoadRow(indices[i], epoch, input, target);
            noise.Normal(epoch, (uint)published, layout.Noise.Slice(i * length, length));
        }
    }

    /// <summary>The lane's components of the prior, and q(z|x) of its images with its KL from N(0, I).</summary>
    public void Encode()
    {
        _prior?.Prepare();
        _encoder.Forward();
        layout.Head.Forward(layout.FirstImageRow + share.First, layout.FirstImageRow + share.End);
        for (int image = 0; image < _kl.Length; image++)
        {
            layout.Head.Kl(PosteriorRow(image), _klScratch);
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
        int latent = layout.Latent;
        int draws = layout.Draws;
        int count = share.End - share.First;
        int firstRow = share.First * draws;
        int length = draws * latent;
        for (int image = 0; image < count; image++)
        {
            int start = (share.First + image) * length;
            layout.Head.Draw(PosteriorRow(image), layout.Noise.Slice(start, length), layout.Latents.Slice(start, length));
        }

        _decoder.Forward();
        float scale = layout.Loss == DenseLoss.Elbo ? -1f / (images * draws) : -1f / images;
        int firstTarget = layout.Target is null ? layout.FirstImageRow + share.First : share.First;
        Span<float> targets = (layout.Target ?? layout.Input).Slice(firstTarget * layout.Pixels, count * layout.Pixels);
        layout.Likelihood.Run(layout.Decoder[^1], firstRow, targets, count, draws, scale, _logLikelihood);
        ReadOnlySpan<float> latents = layout.Latents.Slice(firstRow * latent, count * length);
        if (_needsPrior)
        {
            ScorePrior(latents);
        }

        StepSums sums = Weigh(beta);
        _decoder.Backward();
        if (_needsPrior)
        {
            AddPriorGradient(latents, layout.LatentGradient.Slice(firstRow * latent, latents.Length));
        }

        return sums;
    }

    /// <summary>From the gradients of components and draws, and of the KL in closed form, back through the encoder.</summary>
    public void BackwardEncoder(double beta)
    {
        _prior?.Reduce(_priors);
        int length = layout.Draws * layout.Latent;
        float klWeight = layout.Loss == DenseLoss.Elbo ? (float)(beta / images) : 0;
        float entropyWeight = layout.Loss switch
        {
            DenseLoss.ImportanceWeighted => 1f / images,
            DenseLoss.Elbo when _needsPrior => klWeight,
            _ => 0,
        };
        for (int i = share.First; i < share.End; i++)
        {
            layout.Head.Backward(
                layout.FirstImageRow + i,
                layout.LatentGradient.Slice(i * length, length),
                layout.Noise.Slice(i * length, length),
                _needsPrior ? 0 : klWeight,
                entropyWeight);
        }

        _encoder.Backward();
    }

    /// <summary>The gradients of the lane's rows of every weight, once all lanes are through.</summary>
    /// <param name="update">Updates them layer by layer, where gradients may be kept nowhere; null for not.</param>
    public void SumGradients(FlatOptimizer? update)
    {
        foreach (LayerBuffers.WeightShare weights in _shares)
        {
            weights.SumGradients(update);
        }

        if (_prior is { Piece: (int start, > 0 and int length) })
        {
            update?.Update(start, length, 1);
        }
    }

    public void Dispose() => Array.ForEach<IDisposable?>([_prior, _encoder, _decoder, .. _shares], part => part?.Dispose());

    private int PosteriorRow(int image) => layout.FirstImageRow + share.First + image;

    private Span<float> NoiseOf(int row) => layout.Noise.Slice(((share.First * layout.Draws) + row) * layout.Latent, layout.Latent);

    // log q(z|x) of a draw in nats.
    private double LogPosterior(int row) =>
        layout.Head.LogProbability(PosteriorRow(row / layout.Draws), NoiseOf(row)) - (0.5 * layout.Latent * DiagonalGaussian.LogTwoPi);

    // log p(z) of each draw in nats.
    private void ScorePrior(ReadOnlySpan<float> latents)
    {
        _prior?.Score(latents, _logPrior);
        for (int row = 0; _prior is null && row < _logPrior.Length; row++)
        {
            double squares = Vectors.SumOfSquares(latents.Slice(row * layout.Latent, layout.Latent));
            _logPrior[row] = -0.5 * (squares + (layout.Latent * DiagonalGaussian.LogTwoPi));
        }
    }

    // The figures of the lane, and the weight of each draw.
    private StepSums Weigh(double beta)
    {
        StepSums sums = default;
        int draws = layout.Draws;
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
            double loss = layout.Loss == DenseLoss.Elbo ? (beta * kl) - reconstruction : -WeighByImportance(image);
            sums = new StepSums(sums.Loss + loss, sums.Reconstruction + reconstruction, sums.Kl + kl);
        }

        if (layout.Loss == DenseLoss.Elbo)
        {
            Array.Fill(_rowWeights, (float)(beta / (images * draws)));
        }

        return sums;
    }

    // The image's importance-weighted bound; the weights w̃ go to its draws and onto the gradient of their log-likelihood.
    private double WeighByImportance(int image)
    {
        int draws = layout.Draws;
        int first = image * draws;
        Span<double> weights = _logPrior.AsSpan(first, draws); // the logarithms' place is free after this
        for (int k = 0; k < draws; k++)
        {
            weights[k] += _logLikelihood[first + k] - LogPosterior(first + k);
        }

        double logSum = ResponsibilityKernel.Normalize(weights);
        LayerBuffers output = layout.Decoder[^1];
        for (int k = 0; k < draws; k++)
        {
            float weight = (float)weights[k];
            _rowWeights[first + k] = weight / images;
            int row = (share.First * draws) + first + k;
            Vectors.Scale(output.Values.Slice(row * output.Width, output.Width), weight);
        }

        return logSum - Math.Log(draws);
    }

    // The part of the loss that reaches the draws by way of log p(z) and, with the posterior's parameters held, of log q(z|x).
    private void AddPriorGradient(ReadOnlySpan<float> latents, Span<float> gradient)
    {
        int latent = layout.Latent;
        _prior?.AddGradient(_rowWeights, gradient);
        for (int row = 0; _prior is null && row < _rowWeights.Length; row++)
        {
            Vectors.AddScaled(latents.Slice(row * latent, latent), _rowWeights[row], gradient.Slice(row * latent, latent));
        }

        for (int row = 0; layout.Loss == DenseLoss.DoublyReparameterized && row < _rowWeights.Length; row++)
        {
            Span<float> toLatents = gradient.Slice(row * latent, latent);
            layout.Head.AddScoreOfPath(PosteriorRow(row / layout.Draws), NoiseOf(row), -_rowWeights[row], toLatents);
            Vectors.Scale(toLatents, _rowWeights[row] * images);
        }
    }
}
