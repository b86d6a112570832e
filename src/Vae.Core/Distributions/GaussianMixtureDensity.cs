namespace Vae.Core.Distributions;

/// <summary>
/// A mixture of C Gaussians with diagonal covariance, p(z) = Σ w_c N(z; μ_c, diag σ²_c): a learned mixture, the variational mixture of
/// posteriors (Tomczak and Welling 2018), or one fitted to codes.
/// </summary>
/// <param name="LogWeights">log w_c, normalized, [C].</param>
/// <param name="Means">μ_c, [C, D].</param>
/// <param name="LogVariances">log σ²_c, [C, D].</param>
internal sealed record GaussianMixtureDensity(Tensor LogWeights, Tensor Means, Tensor LogVariances) : LatentDensity, IMarginals, IMoments
{
    private const long LargestBlock = 1 << 22; // numbers of one [N', C, D] block

    public override Tensor LogProbability(Tensor z)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = z.reshape(-1, z.shape[^1]);                      // [N, D]
        Tensor joint = JointLogProbability(rows);                      // [N, C]
        Tensor result = InOnePass(joint) ? NormalizersInOnePass(joint) : joint.logsumexp(-1); // [N]
        return result.to_type(z.dtype).reshape(z.shape[..^1]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// log w_c + log N(z; μ_c, σ²_c) in nats, for each component. The squares are expanded into matrix products, so that nothing of size
    /// N·C·D is made; what the expansion cancels is bought back by float64, whatever z is of.
    /// </summary>
    /// <param name="z">[N, D].</param>
    /// <returns>[N, C], float64.</returns>
    public Tensor JointLogProbability(Tensor z)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = z.to_type(ScalarType.Float64);                   // [N, D]
        Tensor means = Means.to_type(ScalarType.Float64);              // [C, D]
        Tensor logVariances = LogVariances.to_type(ScalarType.Float64);
        Tensor precisions = (-logVariances).exp();
        Tensor weighted = means * precisions;
        Tensor exponents = logVariances + DiagonalGaussian.LogTwoPi + (weighted * means);
        Tensor constants = LogWeights.to_type(ScalarType.Float64) - (0.5 * exponents.sum(-1));                                      // [C]
        Tensor quadratic = constants.addmm(rows.square(), precisions.t(), alpha: -0.5f);
        return quadratic.addmm(rows, weighted.t()).MoveToOuterDisposeScope(); // [N, C]
    }

    public Tensor LogMarginals(Tensor z)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = z.reshape(-1, z.shape[^1]); // [N, D]
        if (InOnePass(rows) && rows.dtype == ScalarType.Float32 && Means.dtype == ScalarType.Float32)
        {
            return MarginalsInOnePass(rows.contiguous()).reshape(z.shape).MoveToOuterDisposeScope();
        }

        long count = rows.shape[0];
        long block = Math.Max(1, LargestBlock / Math.Max(1, Means.numel()));
        List<Tensor> blocks = [];
        for (long start = 0; start < count; start += block)
        {
            blocks.Add(MarginalBlock(rows.narrow(0, start, Math.Min(block, count - start))));
        }

        return cat(blocks).reshape(z.shape).MoveToOuterDisposeScope();
    }

    public override Tensor Sample(Tensor noise, Tensor uniform, double temperature)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor limits = LogWeights.exp().cumsum(0).narrow(0, 0, LogWeights.shape[0] - 1); // without the last: rounding may leave it below 1
        Tensor component = uniform.unsqueeze(-1).ge(limits).sum(-1);                      // [N]
        DiagonalGaussian chosen = new(Means.index_select(0, component), LogVariances.index_select(0, component));
        return chosen.Reparameterize(noise * temperature).MoveToOuterDisposeScope();      // [N, D]
    }

    public DiagonalGaussian Matched(Tensor like)
    {
        Tensor weights = LogWeights.exp().unsqueeze(-1);                                      // [C, 1]
        Tensor mean = (weights * Means).sum(0L);                                              // [D]
        Tensor variance = (weights * (LogVariances.exp() + (Means - mean).square())).sum(0L); // [D]: within components, and between them
        return new DiagonalGaussian(mean.to_type(like.dtype), variance.log().to_type(like.dtype));
    }

    // The library takes five passes over the largest numbers of an evaluation; with gradients, and on other devices, these stay its own.
    private static bool InOnePass(Tensor numbers) => !is_grad_enabled() && numbers.device_type == DeviceType.CPU;

    private static Tensor NormalizersInOnePass(Tensor joint)
    {
        int components = (int)joint.shape[1];
        Tensor result = empty(joint.shape[0], ScalarType.Float64);
        Span<double> logarithms = TensorMemory.Of<double>(joint);
        Span<double> results = TensorMemory.Of<double>(result);
        for (int row = 0; row < results.Length; row++)
        {
            results[row] = ResponsibilityKernel.Normalize(logarithms.Slice(row * components, components));
        }

        return result;
    }

    private Tensor MarginalsInOnePass(Tensor rows)
    {
        Tensor exponents = 0.5 * (LogVariances + DiagonalGaussian.LogTwoPi);
        Tensor constants = LogWeights.to_type(ScalarType.Float32).unsqueeze(-1) - exponents;                         // [C, D]
        Tensor curvatures = -0.5 * (-LogVariances).exp();                                                            // [C, D]
        Tensor result = empty_like(rows);
        MixtureMarginalKernel.LogMarginals(
            TensorMemory.Of<float>(rows),
            TensorMemory.Of<float>(constants.contiguous()),
            TensorMemory.Of<float>(Means.contiguous()),
            TensorMemory.Of<float>(curvatures.contiguous()),
            (int)rows.shape[1],
            TensorMemory.Of<float>(result));
        return result;
    }

    private Tensor MarginalBlock(Tensor rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logMarginals = new DiagonalGaussian(Means, LogVariances).LogMarginals(rows.unsqueeze(1)); // [N', C, D]
        return (LogWeights.unsqueeze(-1) + logMarginals).logsumexp(1).MoveToOuterDisposeScope();         // [N', D]
    }
}
