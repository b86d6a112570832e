namespace Vae.Core.Networks;

/// <summary>
/// The body of a decoder: a linear layer to the smallest map, then stages of residual blocks that each double it, to images of any size. One
/// PyTorch nn.Sequential "layers" of Linear, Unflatten, blocks, normalization, activation; a convolution to the image is the decoder's output.
/// </summary>
public sealed class ResidualDecoder : DecoderBody
{
    private readonly FeatureMap _image;
    private readonly int _channels;
    private readonly Device? _device;

    [ComponentName(Name = "layers")]
    private readonly Sequential _layers;

    /// <summary>Creates the layers; their weights are as the tensor library draws them until an initializer sets them.</summary>
    /// <param name="latent">D, the number of latent dimensions.</param>
    /// <param name="image">The shape of the images.</param>
    /// <param name="options">The shape of the layers.</param>
    /// <param name="device">Where they are made; null for the CPU.</param>
    public ResidualDecoder(int latent, FeatureMap image, ResidualOptions options, Device? device = null)
        : base("resnet")
    {
        options.Check();
        _image = image;
        _channels = options.Channels[^1];
        _device = device;
        FeatureMap[] maps = FeatureMap.Reduce(image, options.Channels.Count, 2);
        FeatureMap map = maps[^1] with { Channels = options.Channels[0] };
        List<nn.Module<Tensor, Tensor>> layers = [nn.Linear(latent, map.Count, device: device), nn.Unflatten(1, map.Shape)];
        for (int stage = 0; stage < options.Channels.Count; stage++)
        {
            FeatureMap larger = maps[^(stage + 2)] with { Channels = options.Channels[stage] };
            for (int block = 0; block < options.BlocksPerStage; block++)
            {
                layers.Add(new ResidualBlock(map, larger, options, device));
                map = larger;
            }
        }

        layers.AddEnd(options, map.Channels, device);
        _layers = nn.Sequential(layers);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <returns>[N, channels, H, W].</returns>
    public override Tensor forward(Tensor latents) => _layers.forward(latents);

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> NewOutputLayer(int outputsPerPixel) =>
        nn.Conv2d(_channels, outputsPerPixel * _image.Channels, 3, 1, 1, device: _device);
}
