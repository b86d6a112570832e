namespace Vae.Core.Training.Executors;

/// <summary>log p(x|z) within a training step, and the way back from a loss that was made of it.</summary>
/// <param name="type">Of what comes from latents and goes into a loss; the networks are in float32.</param>
internal class TrainingScore(ScalarType type) : LikelihoodScore
{
    public override ScalarType? Type => type;

    /// <summary>The fastest score of a likelihood.</summary>
    public static TrainingScore For(Likelihood likelihood, ScalarType type) =>
        likelihood.Kernel is { } kernel ? new KernelScore(kernel, type) : new TrainingScore(type);

    public override Tensor LogProbability(Likelihood likelihood, Tensor output, Tensor target) =>
        likelihood.LogProbability(Typed(output), Typed(target));

    /// <summary>
    /// Adds the gradients of a weighted sum of losses to those of the parameters. The last log-probabilities were for this.
    /// </summary>
    public virtual void Backward(Tensor loss, double weight) => loss.backward([full_like(loss, weight)]);

    // Value and gradient in one pass; the library takes about ten. The gradient by the decoder's output takes the output's place and waits
    // there for its factor, which only the whole loss tells; then one backward pass starts from the loss and from the decoder's output.
    private sealed class KernelScore(LikelihoodKernel kernel, ScalarType type) : TrainingScore(type)
    {
        private float[] _noBias = [];
        private Tensor? _output;         // [K, b, P]
        private Tensor? _gradient;       // of each log-probability by its row of the output, [K, b, P]
        private Tensor? _logProbability; // [K, b]

        public override Tensor LogProbability(Likelihood likelihood, Tensor output, Tensor target)
        {
            int pixels = likelihood.Pixels;
            int images = (int)target.shape[0];
            _output = output;
            _gradient = output.detach().contiguous(); // no layer that ends a decoder needs its output for its gradient
            Array.Resize(ref _noBias, pixels);
            Span<float> logits = TensorMemory.Of<float>(_gradient);
            ReadOnlySpan<float> targets = TensorMemory.Of<float>(target);
            Tensor values = empty(output.shape[0], images, ScalarType.Float64);
            Span<double> logProbabilities = TensorMemory.Of<double>(values);
            for (int row = 0; row < logProbabilities.Length; row++)
            {
                logProbabilities[row] = kernel(
                    logits.Slice(row * pixels, pixels), _noBias, targets.Slice(row % images * pixels, pixels), scale: 1);
            }

            _logProbability = Typed(values).requires_grad_();
            return _logProbability;
        }

        public override void Backward(Tensor loss, double weight)
        {
            Tensor weights = full_like(loss, weight);
            Tensor factors = autograd.grad([loss], [_logProbability!], [weights], retain_graph: true)[0]; // [K, b]
            _gradient!.mul_(factors.to_type(ScalarType.Float32).unsqueeze(-1));
            autograd.backward([loss, _output!], [weights, _gradient]);
        }
    }
}
