namespace Vae.Core.Networks;

/// <summary>
/// The body of a decoder: dense layers, a linear layer to the smallest map, then transposed convolutions that mirror those of
/// <see cref="ConvolutionalEncoder"/>, to images of any size. One PyTorch nn.Sequential "layers" of (Linear, activation)…, Linear, Unflatten,
/// normalization, activation, (ConvTranspose2d, normalization, activation)…; the last transposed convolution is the decoder's output.
/// </summary>
public sealed class ConvolutionalDecoder : DecoderBody
{
    private readonly FeatureMap _image;
    private readonly ConvolutionOptions _options;
    private readonly Device? _device;

    [ComponentName(Name = "layers")]
    private readonly Sequential _layers;

    /// <summary>Creates the layers; their weights are as the tensor library draws them until an initializer sets them.</summary>
    /// <param name="latent">D, the number of latent dimensions.</param>
    /// <param name="image">The shape of the images.</param>
    /// <param name="options">The shape of the layers.</param>
    /// <param name="device">Where they are made; null for the CPU.</param>
    public ConvolutionalDecoder(int latent, FeatureMap image, ConvolutionOptions options, Device? device = null)
        : base("conv")
    {
        options.Check();
        _image = image;
        _options = options;
        _device = device;
        IReadOnlyList<int> channels = options.Channels;
        FeatureMap[] maps = FeatureMap.Reduce(image, channels.Count, options.Stride);
        FeatureMap smallest = maps[^1] with { Channels = channels[0] };
        List<nn.Module<Tensor, Tensor>> layers = MlpNetwork.Layers(latent, options.Hidden, options.Activation, Normalization.None, device);
        layers.Add(nn.Linear(MlpNetwork.OutputWidth(latent, options.Hidden), smallest.Count, device: device));
        layers.Add(nn.Unflatten(1, smallest.Shape)); // [N, c·h·w] to [N, c, h, w]
        layers.AddActivation(options, channels[0], device);
        for (int i = 1; i < channels.Count; i++)
        {
            FeatureMap larger = maps[^(i + 1)] with { Channels = channels[i] };
            layers.Add(StridedConvolution.Up(channels[i - 1], larger, options.Kernel, options.Stride, device));
            layers.AddActivation(options, channels[i], device);
        }

        _layers = nn.Sequential(layers);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <returns>[N, channels, H / stride, W / stride].</returns>
    public override Tensor forward(Tensor latents) => _layers.forward(latents);

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> NewOutputLayer(int outputsPerPixel) => StridedConvolution.Up(
        _options.Channels[^1], _image with { Channels = outputsPerPixel * _image.Channels }, _options.Kernel, _options.Stride, _device);
}
