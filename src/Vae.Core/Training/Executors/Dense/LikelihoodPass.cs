namespace Vae.Core.Training.Executors.Dense;

/// <summary>log p(x|z) of a thread's rows and its gradient with respect to the decoder's output, which takes the output's place.</summary>
internal sealed class LikelihoodPass(Likelihood likelihood)
{
    private readonly LikelihoodKernel? _kernel = likelihood.Kernel;

    /// <summary>Whether a likelihood has a kernel, or else neither parameters nor a scale that is fitted to the batch.</summary>
    public static bool Takes(Likelihood likelihood) =>
        likelihood.Kernel is not null || !(likelihood.parameters().Any() || likelihood.buffers().Any());

    /// <param name="layer">The decoder's last layer: bare products, [N, O].</param>
    /// <param name="firstRow">Its first row that is this thread's.</param>
    /// <param name="targets">x, [b, P].</param>
    /// <param name="images">b; each has K consecutive rows.</param>
    /// <param name="draws">K.</param>
    /// <param name="scale">Factor on the gradient of log p(x|z).</param>
    /// <param name="logProbabilities">log p(x|z) in nats, [b, K].</param>
    public void Run(
        LayerBuffers layer, int firstRow, ReadOnlySpan<float> targets, int images, int draws, float scale, Span<double> logProbabilities)
    {
        Span<float> output = layer.Values.Slice(firstRow * layer.Width, images * draws * layer.Width);
        if (_kernel is null)
        {
            RunLibrary(output, layer.Bias, targets, images, draws, scale, logProbabilities);
            return;
        }

        int pixels = layer.Width;
        for (int row = 0; row < images * draws; row++)
        {
            ReadOnlySpan<float> target = targets.Slice(row / draws * pixels, pixels);
            logProbabilities[row] = _kernel(output.Slice(row * pixels, pixels), layer.Bias, target, scale);
        }
    }

    // The likelihood as it stands, with the tensor library's gradients: slower, but for this one pass only.
    private void RunLibrary(
        Span<float> output, ReadOnlySpan<float> bias, ReadOnlySpan<float> targets, int images, int draws, float scale,
        Span<double> logProbabilities)
    {
        if (images == 0)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor rows = empty(images, draws, bias.Length, ScalarType.Float32);
        Span<float> withBias = TensorMemory.Of<float>(rows);
        output.CopyTo(withBias);
        for (int start = 0; start < withBias.Length; start += bias.Length)
        {
            Vectors.Add(bias, withBias.Slice(start, bias.Length));
        }

        Tensor target = empty(images, likelihood.Pixels, ScalarType.Float32);
        targets[..(images * likelihood.Pixels)].CopyTo(TensorMemory.Of<float>(target));

        // Importance weights are powers of differences of sums of hundreds of nats: float32 would leave them three digits.
        ScalarType type = draws > 1 ? ScalarType.Float64 : ScalarType.Float32;
        Tensor leaf = rows.to_type(type).requires_grad_();
        Tensor log;
        using (enable_grad())
        {
            log = likelihood.LogProbability(leaf.transpose(0, 1), target.to_type(type)).t(); // [b, K]
        }

        autograd.backward([log], [full_like(log, scale)]);
        log.detach().to_type(ScalarType.Float64).contiguous().data<double>().CopyTo(logProbabilities);
        leaf.grad!.to_type(ScalarType.Float32).contiguous().data<float>().CopyTo(output);
    }
}
