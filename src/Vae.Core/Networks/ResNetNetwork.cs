namespace Vae.Core.Networks;

/// <summary>
/// Stages of residual blocks that each halve the map, rounding up, in a decoder double it, over images of any size: Conv2d, blocks,
/// normalization, activation, and blocks, normalization, activation with a Conv2d to the image as output.
/// </summary>
internal sealed record ResNetConfiguration : MapNetworkConfiguration
{
    public ResNetConfiguration()
    {
        Activation = Activation.Silu;
        Normalization = Normalization.Group;
    }

    public int Blocks { get; init; } = 1;

    private protected override int Reduction => 2;

    public static ResNetConfiguration Map(ConfigurationVisitor visitor, ResNetConfiguration value) => value with
    {
        Channels = visitor.Integers("channels", value.Channels, 1, 10_000, 16, "channels of each stage, from input to output"),
        Blocks = visitor.Integer("blocks", value.Blocks, 1, 64, "residual blocks in each stage"),
        Activation = visitor.Choice("activation", value.Activation, "the nonlinearity before each convolution"),
        Normalization = visitor.Choice("normalization", value.Normalization, "what stands before the nonlinearity"),
    };

    private protected override List<nn.Module<Tensor, Tensor>> Down(ImageShape image, Device? device)
    {
        ImageShape[] maps = Maps(image);
        ImageShape map = image with { Channels = Channels[0] };
        List<nn.Module<Tensor, Tensor>> layers = [nn.Conv2d(image.Channels, map.Channels, 3, 1, 1, device: device)];
        return Stages(layers, map, stage => maps[stage + 1], device);
    }

    private protected override List<nn.Module<Tensor, Tensor>> Up(ImageShape image, Device? device)
    {
        ImageShape[] maps = Maps(image);
        return Stages([], maps[^1] with { Channels = Channels[0] }, stage => maps[^(stage + 2)], device);
    }

    private protected override nn.Module<Tensor, Tensor> Output(ImageShape image, int outputsPerPixel, Device? device) =>
        nn.Conv2d(Channels[^1], outputsPerPixel * image.Channels, 3, 1, 1, device: device);

    private List<nn.Module<Tensor, Tensor>> Stages(
        List<nn.Module<Tensor, Tensor>> layers, ImageShape map, Func<int, ImageShape> sides, Device? device)
    {
        for (int stage = 0; stage < Channels.Count; stage++)
        {
            ImageShape next = sides(stage) with { Channels = Channels[stage] };
            for (int block = 0; block < Blocks; block++)
            {
                layers.Add(new ResidualBlock(map, next, Activation, Normalization, device));
                map = next;
            }
        }

        layers.AddRange(Activate(map.Channels, device)); // the last block ends in a sum
        return layers;
    }
}

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
    public ResidualBlock(ImageShape input, ImageShape output, Activation activation, Normalization normalization, Device? device)
        : base("residual_block")
    {
        int stride = output.Height < input.Height || output.Width < input.Width ? 2 : 1;
        _norm1 = normalization.ForMaps(input.Channels, device);
        _conv1 = nn.Conv2d(input.Channels, output.Channels, 3, stride, 1, device: device);
        _norm2 = normalization.ForMaps(output.Channels, device);
        _conv2 = nn.Conv2d(output.Channels, output.Channels, 3, 1, 1, device: device);
        _skip = stride == 1 && input.Channels == output.Channels
            ? null
            : nn.Conv2d(input.Channels, output.Channels, 1, stride, device: device);
        _activation = activation.ToModule();
        _upsample = output.Height > input.Height || output.Width > input.Width ? nn.Upsample([output.Height, output.Width]) : null;
        RegisterComponents();
    }

    // [N, c, h, w] to [N, c', h', w']
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
