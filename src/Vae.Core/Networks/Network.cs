namespace Vae.Core.Networks;

/// <summary>
/// An encoder or a decoder; the layers that it ends in follow from the posterior and the likelihood. Lists go from input to output, so
/// those of a decoder are those of its encoder turned round.
/// </summary>
/// <remarks>
/// Networks are made within a dispose scope: TorchSharp's layers take their parameters out of it, and leave views behind of those of
/// convolutions. Their weights are as the tensor library draws them until an initializer sets them.
/// </remarks>
internal abstract record NetworkConfiguration
{
    public static readonly Kind<NetworkConfiguration>[] EncoderKinds =
    [
        Kind.Of<NetworkConfiguration, MlpConfiguration>("mlp", MlpConfiguration.Map),
        Kind.Of<NetworkConfiguration, GatedMlpConfiguration>("gated_mlp", GatedMlpConfiguration.Map),
        Kind.Of<NetworkConfiguration, ConvConfiguration>("conv", ConvConfiguration.Map),
        Kind.Of<NetworkConfiguration, ResNetConfiguration>("resnet", ResNetConfiguration.Map),
        Kind.Of<NetworkConfiguration, LinearConfiguration>("linear"),
    ];

    public static readonly Kind<NetworkConfiguration>[] DecoderKinds =
        [.. EncoderKinds.Select(kind => kind with { Default = () => kind.Default().TurnedRound() })];

    /// <summary>The encoder of images [B, P], its log-variance within the bound.</summary>
    public abstract GaussianEncoder BuildEncoder(ImageShape image, int latent, LogVarianceBound? bound = null, Device? device = null);

    /// <summary>The decoder from latents [N, D] to the numbers that a likelihood wants of images, [N, O·P].</summary>
    public abstract LikelihoodDecoder BuildDecoder(int latent, ImageShape image, int outputsPerPixel, Device? device = null);

    /// <summary>
    /// The smallest map of images, [C, H', W'], for models whose latents are maps of codes; null for networks with dense layers, which
    /// build no such encoder or decoder.
    /// </summary>
    public virtual ImageShape? SmallestMap(ImageShape image) => null;

    /// <summary>An encoder from images [B, P] to their smallest maps [B, C, H', W']; null where there is none.</summary>
    public virtual FeatureNetwork? BuildMapEncoder(ImageShape image, Device? device = null) => null;

    /// <summary>A decoder from maps of the size of the smallest, [N, channels, H', W'], to [N, O·P]; null where there is none.</summary>
    public virtual LikelihoodDecoder? BuildMapDecoder(int channels, ImageShape image, int outputsPerPixel, Device? device = null) => null;

    /// <summary>What is wrong with the keys together.</summary>
    public virtual IEnumerable<ConfigurationError> Check(string path) => [];

    private protected virtual NetworkConfiguration TurnedRound() => this;
}

/// <summary>Dense layers, alike in an encoder and in a decoder.</summary>
internal abstract record DenseNetworkConfiguration : NetworkConfiguration
{
    private protected abstract IReadOnlyList<int> Widths { get; }

    /// <summary>The layers over rows of so many numbers.</summary>
    public abstract FeatureNetwork BuildRows(int inputFeatures, Device? device = null);

    public override GaussianEncoder BuildEncoder(ImageShape image, int latent, LogVarianceBound? bound = null, Device? device = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int pixels = image.PixelCount;
        return new GaussianEncoder(BuildRows(pixels, device), Widths.LastOrDefault(pixels), latent, bound, device);
    }

    public override LikelihoodDecoder BuildDecoder(int latent, ImageShape image, int outputsPerPixel, Device? device = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int outputs = outputsPerPixel * image.PixelCount;
        return new LikelihoodDecoder(BuildRows(latent, device), nn.Linear(Widths.LastOrDefault(latent), outputs, device: device));
    }
}

/// <summary>
/// A network whose layers make maps smaller, in a decoder larger. An encoder's body is one PyTorch nn.Sequential "layers" of Unflatten,
/// those layers, Flatten, (Linear, activation)…; a decoder's one of (Linear, activation)…, Linear, Unflatten, those layers, and its
/// output is one more.
/// </summary>
internal abstract record MapNetworkConfiguration : NetworkConfiguration
{
    /// <summary>Channels of each layer or stage, from input to output; in a decoder the first are those of the smallest map.</summary>
    public ValueList<int> Channels { get; init; } = [32, 64];

    /// <summary>The nonlinearity between layers.</summary>
    public Activation Activation { get; init; }

    /// <summary>What stands before the nonlinearity.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>What each layer or stage divides the sides of its map by, in a decoder multiplies.</summary>
    private protected abstract int Reduction { get; }

    /// <summary>Widths of dense layers between the smallest map and the code.</summary>
    private protected virtual IReadOnlyList<int> DenseWidths => [];

    public override GaussianEncoder BuildEncoder(ImageShape image, int latent, LogVarianceBound? bound = null, Device? device = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int features = Smallest(image, Channels[^1]).PixelCount;
        FeatureNetwork body = new(
        [
            .. FromRows(image, device),
            nn.Flatten(), // [N, c, h, w] to [N, c·h·w]
            .. MlpConfiguration.Layers(features, DenseWidths, Activation, Normalization.None, device),
        ]);
        return new GaussianEncoder(body, DenseWidths.LastOrDefault(features), latent, bound, device);
    }

    public override LikelihoodDecoder BuildDecoder(int latent, ImageShape image, int outputsPerPixel, Device? device = null)
    {
        using DisposeScope scope = NewDisposeScope();
        ImageShape map = Smallest(image, Channels[0]);
        FeatureNetwork body = new(
        [
            .. MlpConfiguration.Layers(latent, DenseWidths, Activation, Normalization.None, device),
            nn.Linear(DenseWidths.LastOrDefault(latent), map.PixelCount, device: device),
            nn.Unflatten(1, map.ToArray()), // [N, c·h·w] to [N, c, h, w]
            .. Up(image, device),
        ]);
        return new LikelihoodDecoder(body, Output(image, outputsPerPixel, device));
    }

    public override ImageShape? SmallestMap(ImageShape image) => DenseWidths.Count == 0 ? Smallest(image, Channels[^1]) : null;

    public override FeatureNetwork? BuildMapEncoder(ImageShape image, Device? device = null)
    {
        using DisposeScope scope = NewDisposeScope();
        return DenseWidths.Count == 0 ? new FeatureNetwork([.. FromRows(image, device)]) : null;
    }

    public override LikelihoodDecoder? BuildMapDecoder(int channels, ImageShape image, int outputsPerPixel, Device? device = null)
    {
        if (DenseWidths.Count > 0)
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        FeatureNetwork body = new([nn.Conv2d(channels, Channels[0], 3, 1, 1, device: device), .. Up(image, device)]);
        return new LikelihoodDecoder(body, Output(image, outputsPerPixel, device));
    }

    public override IEnumerable<ConfigurationError> Check(string path)
    {
        if (Channels.Count == 0)
        {
            yield return new($"{path}.channels", "expected at least one layer, found []; for none use the kind \"linear\"");
        }
    }

    /// <summary>The layers from [N, C, H, W] to the smallest map.</summary>
    private protected abstract List<nn.Module<Tensor, Tensor>> Down(ImageShape image, Device? device);

    /// <summary>The layers from the smallest map to the maps that <see cref="Output"/> takes.</summary>
    private protected abstract List<nn.Module<Tensor, Tensor>> Up(ImageShape image, Device? device);

    /// <summary>The layer from there to [N, O·C, H, W], with one bias for each of its channels.</summary>
    private protected abstract nn.Module<Tensor, Tensor> Output(ImageShape image, int outputsPerPixel, Device? device);

    /// <summary>The sides of the image and those that each layer or stage leaves of them; all have the image's channels.</summary>
    private protected ImageShape[] Maps(ImageShape image) => StridedConvolution.Reduce(image, Channels.Count, Reduction);

    private protected IEnumerable<nn.Module<Tensor, Tensor>> Activate(int channels, Device? device) =>
        Normalization.ForMaps(channels, device) is { } module ? [module, Activation.ToModule()] : [Activation.ToModule()];

    private protected override NetworkConfiguration TurnedRound() => this with { Channels = [.. Channels.Reverse()] };

    private ImageShape Smallest(ImageShape image, int channels) => Maps(image)[^1] with { Channels = channels };

    private IEnumerable<nn.Module<Tensor, Tensor>> FromRows(ImageShape image, Device? device) =>
        [nn.Unflatten(1, image.ToArray()), .. Down(image, device)]; // [N, C·H·W] to [N, C, H, W]
}
