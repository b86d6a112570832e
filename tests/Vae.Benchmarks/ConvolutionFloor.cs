using Vae.Core.Networks;

namespace Vae.Benchmarks;

/// <summary>
/// The convolutions and dense layers of a training step, each forward and backward by the library on inputs of its own: no activation, no
/// objective, no optimizer. Unlike matrix products they cannot be told to write to the same memory again, so that is in it.
/// </summary>
internal sealed class ConvolutionFloor : IStepFloor
{
    private readonly int _threads;
    private readonly Layer[] _layers;

    private ConvolutionFloor(IReadOnlyList<(nn.Module<Tensor, Tensor> Module, long[] Input)> layers, int threads)
    {
        _threads = threads;
        Name = threads == 1 ? "one thread" : $"{threads} threads inside the library's operators";
        _layers = [.. layers.Select((layer, i) => new Layer(layer.Module, layer.Input, needsInputGradient: i > 0))];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The thread counts that may be the fastest.</summary>
    /// <exception cref="NotSupportedException">A network is not "conv" without normalization.</exception>
    public static IEnumerable<IStepFloor> Arrangements(GaussianVaeConfiguration model, ImageShape shape, int batch, int processors) =>
        TunedPeer.ThreadCounts(processors).Select(threads => new ConvolutionFloor(Layers(model, shape, batch), threads));

    /// <inheritdoc/>
    public void Run(int steps)
    {
        int before = get_num_threads();
        set_num_threads(_threads);
        for (int step = 0; step < steps; step++)
        {
            foreach (Layer layer in _layers)
            {
                layer.Run();
            }
        }

        set_num_threads(before);
    }

    public void Dispose()
    {
        foreach (Layer layer in _layers)
        {
            layer.Dispose();
        }
    }

    private static List<(nn.Module<Tensor, Tensor> Module, long[] Input)> Layers(
        GaussianVaeConfiguration model, ImageShape shape, int batch)
    {
        if (model is not
            {
                Encoder: ConvConfiguration { Normalization: Normalization.None } encoder,
                Decoder: ConvConfiguration { Normalization: Normalization.None } decoder,
            })
        {
            throw new NotSupportedException("only convolutions without normalization have a floor");
        }

        List<(nn.Module<Tensor, Tensor>, long[])> layers = [];
        ImageShape[] maps = StridedConvolution.Reduce(shape, encoder.Channels.Count, encoder.Stride);
        ImageShape map = shape;
        for (int i = 0; i < encoder.Channels.Count; i++)
        {
            layers.Add((StridedConvolution.Down(map, encoder.Channels[i], encoder.Kernel, encoder.Stride), [batch, .. map.ToArray()]));
            map = maps[i + 1] with { Channels = encoder.Channels[i] };
        }

        AddDense(layers, batch, [map.PixelCount, .. encoder.Hidden, 2 * model.Latent]);
        maps = StridedConvolution.Reduce(shape, decoder.Channels.Count, decoder.Stride);
        map = maps[^1] with { Channels = decoder.Channels[0] };
        AddDense(layers, batch, [model.Latent, .. decoder.Hidden, map.PixelCount]);
        for (int i = 1; i <= decoder.Channels.Count; i++)
        {
            ImageShape larger = i == decoder.Channels.Count ? shape : maps[^(i + 1)] with { Channels = decoder.Channels[i] };
            layers.Add((StridedConvolution.Up(map.Channels, larger, decoder.Kernel, decoder.Stride), [batch, .. map.ToArray()]));
            map = larger;
        }

        return layers;
    }

    private static void AddDense(List<(nn.Module<Tensor, Tensor>, long[])> layers, int batch, int[] widths)
    {
        for (int i = 1; i < widths.Length; i++)
        {
            layers.Add((nn.Linear(widths[i - 1], widths[i]), [batch, widths[i - 1]]));
        }
    }

    private sealed class Layer : IDisposable
    {
        private readonly nn.Module<Tensor, Tensor> _module;
        private readonly Tensor _input;
        private readonly Tensor _outputGradient;

        public Layer(nn.Module<Tensor, Tensor> module, long[] inputShape, bool needsInputGradient)
        {
            RandomStream stream = new(1, RandomPurpose.EvaluationNoise);
            _module = module;
            _input = Noise.Normal(stream, 0, 0, CPU, inputShape);
            _input.requires_grad = needsInputGradient;
            using Tensor output = module.forward(_input);
            _outputGradient = Noise.Normal(stream, 1, 0, CPU, output.shape);
        }

        public void Run()
        {
            using DisposeScope scope = NewDisposeScope();
            _module.zero_grad();
            if (_input.requires_grad)
            {
                _input.grad = null;
            }

            autograd.backward(_module.forward(_input), _outputGradient);
        }

        public void Dispose()
        {
            _module.Dispose();
            _input.Dispose();
            _outputGradient.Dispose();
        }
    }
}
