namespace Vae.Core.Networks;

/// <summary>
/// The body of an encoder: strided convolutions over images of any size, then dense layers. One PyTorch nn.Sequential "layers" of
/// Unflatten, (Conv2d, normalization, activation)…, Flatten, (Linear, activation)….
/// </summary>
public sealed class ConvolutionalEncoder : FeatureNetwork
{
    [ComponentName(Name = "layers")]
    private readonly Sequential _layers;

    /// <summary>Creates the layers; their weights are as the tensor library draws them until an initializer sets them.</summary>
    /// <param name="image">The shape of the images.</param>
    /// <param name="options">The shape of the layers.</param>
    /// <param name="device">Where they are made; null for the CPU.</param>
    public ConvolutionalEncoder(FeatureMap image, ConvolutionOptions options, Device? device = null)
        : base("conv", image.Count, MlpNetwork.OutputWidth(SmallestMap(image, options).Count, options.Hidden))
    {
        FeatureMap[] maps = FeatureMap.Reduce(image, options.Channels.Count, options.Stride);
        List<nn.Module<Tensor, Tensor>> layers = [nn.Unflatten(1, image.Shape)]; // [N, C·H·W] to [N, C, H, W]
        for (int i = 0; i < options.Channels.Count; i++)
        {
            FeatureMap input = i == 0 ? image : maps[i] with { Channels = options.Channels[i - 1] };
            layers.Add(StridedConvolution.Down(input, options.Channels[i], options.Kernel, options.Stride, device));
            layers.AddActivation(options, options.Channels[i], device);
        }

        layers.Add(nn.Flatten()); // [N, c, h, w] to [N, c·h·w]
        layers.AddRange(MlpNetwork.Layers(SmallestMap(image, options).Count, options.Hidden, options.Activation, Normalization.None, device));
        _layers = nn.Sequential(layers);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <param name="input">Images, [N, C·H·W].</param>
    /// <returns>[N, OutputFeatures].</returns>
    public override Tensor forward(Tensor input) => _layers.forward(input);

    internal static FeatureMap SmallestMap(FeatureMap image, ConvolutionOptions options)
    {
        options.Check();
        return FeatureMap.Reduce(image, options.Channels.Count, options.Stride)[^1] with { Channels = options.Channels[^1] };
    }
}
