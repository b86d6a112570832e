namespace Vae.Core.Networks;

/// <summary>
/// The body of an encoder: a convolution, then stages of residual blocks that each halve the map, rounding up. One PyTorch nn.Sequential
/// "layers" of Unflatten, Conv2d, blocks (norm1, conv1, norm2, conv2, skip), normalization, activation, Flatten.
/// </summary>
public sealed class ResidualEncoder : FeatureNetwork
{
    [ComponentName(Name = "layers")]
    private readonly Sequential _layers;

    /// <summary>Creates the layers; their weights are as the tensor library draws them until an initializer sets them.</summary>
    /// <param name="image">The shape of the images.</param>
    /// <param name="options">The shape of the layers.</param>
    /// <param name="device">Where they are made; null for the CPU.</param>
    public ResidualEncoder(FeatureMap image, ResidualOptions options, Device? device = null)
        : base("resnet", image.Count, SmallestMap(image, options).Count)
    {
        FeatureMap map = image with { Channels = options.Channels[0] };
        List<nn.Module<Tensor, Tensor>> layers =
            [nn.Unflatten(1, image.Shape), nn.Conv2d(image.Channels, map.Channels, 3, 1, 1, device: device)];
        foreach (int channels in options.Channels)
        {
            FeatureMap smaller = FeatureMap.Reduce(map, 1, 2)[1] with { Channels = channels };
            for (int block = 0; block < options.BlocksPerStage; block++)
            {
                layers.Add(new ResidualBlock(map, smaller, options, device));
                map = smaller;
            }
        }

        layers.AddEnd(options, map.Channels, device);
        layers.Add(nn.Flatten()); // [N, c, h, w] to [N, c·h·w]
        _layers = nn.Sequential(layers);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <param name="input">Images, [N, C·H·W].</param>
    /// <returns>[N, OutputFeatures].</returns>
    public override Tensor forward(Tensor input) => _layers.forward(input);

    private static FeatureMap SmallestMap(FeatureMap image, ResidualOptions options)
    {
        options.Check();
        return FeatureMap.Reduce(image, options.Channels.Count, 2)[^1] with { Channels = options.Channels[^1] };
    }
}
