namespace Vae.Core.Networks;

/// <summary>
/// x + f(x) with f = convolution, twice, of the normalized and activated features (He et al. 2016, "Identity mappings in deep residual
/// networks"). Where size or channels change, x goes through a convolution of a single pixel. The size is halved by the stride of the first
/// convolution and doubled by repeating pixels before it, which leaves no checkerboard.
/// </summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "norm1")]
    private readonly nn.Module<Tensor, Tensor>? _norm1;

    [ComponentName(Name = "conv1")]
    private readonly Conv2d _conv1;

    [ComponentName(Name = "norm2")]
    private readonly nn.Module<Tensor, Tensor>? _norm2;

    [ComponentName(Name = "conv2")]
    private readonly Conv2d _conv2;

    [ComponentName(Name = "skip")]
    private readonly Conv2d? _skip;

    [ComponentName(Name = "activation")]
    private readonly nn.Module<Tensor, Tensor> _activation;

    [ComponentName(Name = "upsample")]
    private readonly Upsample? _upsample;

    /// <summary>Creates the block from maps of the one shape to maps of the other.</summary>
    public ResidualBlock(FeatureMap input, FeatureMap output, ResidualOptions options, Device? device)
        : base("residual_block")
    {
        int stride = output.Height < input.Height || output.Width < input.Width ? 2 : 1;
        _norm1 = options.Normalization.ForMaps(input.Channels, device);
        _conv1 = nn.Conv2d(input.Channels, output.Channels, 3, stride, 1, device: device);
        _norm2 = options.Normalization.ForMaps(output.Channels, device);
        _conv2 = nn.Conv2d(output.Channels, output.Channels, 3, 1, 1, device: device);
        _skip = stride == 1 && input.Channels == output.Channels
            ? null
            : nn.Conv2d(input.Channels, output.Channels, 1, stride, device: device);
        _activation = options.Activation.ToModule();
        _upsample = output.Height > input.Height || output.Width > input.Width ? nn.Upsample([output.Height, output.Width]) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <param name="input">[N, c, h, w].</param>
    /// <returns>[N, c', h', w'].</returns>
    public override Tensor forward(Tensor input)
    {
        Tensor features = Enlarge(Activate(_norm1, input));
        features = _conv2.forward(Activate(_norm2, _conv1.forward(features)));
        Tensor straight = Enlarge(input);
        return features + (_skip is null ? straight : _skip.forward(straight));
    }

    private Tensor Activate(nn.Module<Tensor, Tensor>? normalization, Tensor features) =>
        _activation.forward(normalization is null ? features : normalization.forward(features));

    private Tensor Enlarge(Tensor features) => _upsample is null ? features : _upsample.forward(features);
}
