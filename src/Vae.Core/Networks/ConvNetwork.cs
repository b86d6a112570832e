namespace Vae.Core.Networks;

/// <summary>
/// Strided convolutions over images of any size, in a decoder transposed ones that mirror them: (Conv2d, normalization, activation)…, and
/// normalization, activation, (ConvTranspose2d, normalization, activation)… with a last ConvTranspose2d as output.
/// </summary>
internal sealed record ConvConfiguration : MapNetworkConfiguration
{
    public int Kernel { get; init; } = 4;
    public int Stride { get; init; } = 2;
    public ValueList<int> Hidden { get; init; } = [];

    private protected override int Reduction => Stride;

    private protected override IReadOnlyList<int> DenseWidths => Hidden;

    public static ConvConfiguration Map(ConfigurationVisitor visitor, ConvConfiguration value) => value with
    {
        Channels = visitor.Integers("channels", value.Channels, 1, 10_000, 16, "channels of each layer, from input to output"),
        Kernel = visitor.Integer("kernel", value.Kernel, 1, 31, "side of the kernels; at least the stride, and odd with stride 1"),
        Stride = visitor.Integer("stride", value.Stride, 1, 8, "what each layer divides the image's sides by, in a decoder multiplies"),
        Hidden = visitor.Integers("hidden", value.Hidden, 1, 100_000, 64, "units of dense layers between the smallest map and the code"),
        Activation = visitor.Choice("activation", value.Activation, "the nonlinearity after each layer"),
        Normalization = visitor.Choice("normalization", value.Normalization, "what stands before the nonlinearity of a convolution"),
    };

    public override IEnumerable<ConfigurationError> Check(string path)
    {
        foreach (ConfigurationError error in base.Check(path))
        {
            yield return error;
        }

        if (Kernel < Stride)
        {
            yield return new(
                $"{path}.kernel", $"expected at least the stride ({Stride}), found {Kernel}: pixels between would never be seen");
        }
        else if (Stride == 1 && Kernel % 2 == 0)
        {
            yield return new($"{path}.kernel", $"expected an odd number, for the stride is 1, found {Kernel}");
        }
    }

    private protected override List<nn.Module<Tensor, Tensor>> Down(ImageShape image, Device? device)
    {
        ImageShape[] maps = Maps(image);
        List<nn.Module<Tensor, Tensor>> layers = [];
        for (int i = 0; i < Channels.Count; i++)
        {
            ImageShape input = i == 0 ? image : maps[i] with { Channels = Channels[i - 1] };
            layers.Add(StridedConvolution.Down(input, Channels[i], Kernel, Stride, device));
            layers.AddRange(Activate(Channels[i], device));
        }

        return layers;
    }

    private protected override List<nn.Module<Tensor, Tensor>> Up(ImageShape image, Device? device)
    {
        ImageShape[] maps = Maps(image);
        List<nn.Module<Tensor, Tensor>> layers = [.. Activate(Channels[0], device)];
        for (int i = 1; i < Channels.Count; i++)
        {
            ImageShape larger = maps[^(i + 1)] with { Channels = Channels[i] };
            layers.Add(StridedConvolution.Up(Channels[i - 1], larger, Kernel, Stride, device));
            layers.AddRange(Activate(Channels[i], device));
        }

        return layers;
    }

    private protected override nn.Module<Tensor, Tensor> Output(ImageShape image, int outputsPerPixel, Device? device) =>
        StridedConvolution.Up(Channels[^1], image with { Channels = outputsPerPixel * image.Channels }, Kernel, Stride, device);
}

/// <summary>
/// Convolutions that divide the sides of a map by their stride, rounding up, and transposed ones that lead back to exactly the map before,
/// whatever its size: zeros around the map make up what is missing, as evenly as may be.
/// </summary>
internal static class StridedConvolution
{
    /// <summary>From <paramref name="larger"/> to its sides over the stride.</summary>
    public static Conv2d Down(ImageShape larger, int outputChannels, int kernel, int stride, Device? device = null) => nn.Conv2d(
        larger.Channels,
        outputChannels,
        (kernel, kernel),
        (stride, stride),
        (Padding(larger.Height, kernel, stride), Padding(larger.Width, kernel, stride)),
        device: device);

    /// <summary>From maps with the channels and the sides over the stride to <paramref name="larger"/>.</summary>
    public static ConvolutionTranspose Up(int inputChannels, ImageShape larger, int kernel, int stride, Device? device = null) =>
        new SizedTransposedConvolution(inputChannels, larger, kernel, stride, device);

    /// <summary>The image, and the maps that layers of the stride leave of its sides: each side is divided and rounded up.</summary>
    public static ImageShape[] Reduce(ImageShape image, int layers, int stride)
    {
        ImageShape[] maps = new ImageShape[layers + 1];
        maps[0] = image;
        for (int i = 0; i < layers; i++)
        {
            maps[i + 1] = maps[i] with { Height = Reduced(maps[i].Height, stride), Width = Reduced(maps[i].Width, stride) };
        }

        return maps;
    }

    private static int Reduced(int length, int stride) => (length + stride - 1) / stride;

    // An odd number of zeros goes around the map rounded up: the row too many on the far side lies beyond the last stride.
    private static int Padding(int length, int kernel, int stride)
    {
        int zeros = ((Reduced(length, stride) - 1) * stride) + kernel - length;
        return (zeros + 1) / 2;
    }

    // PyTorch's ConvTranspose2d, told the size of its output. TorchSharp's, left to its output_padding, takes that of the
    // height for both sides.
    private sealed class SizedTransposedConvolution(
        int inputChannels, ImageShape output, int side, int step, Device? device) : ConvolutionTranspose(
        nameof(ConvTranspose2d),
        inputChannels,
        output.Channels,
        kernel_size: [side, side],
        stride: [step, step],
        padding: [Padding(output.Height, side, step), Padding(output.Width, side, step)],
        padding_type: null,
        dilation: [1, 1],
        transposed: true,
        output_padding: [0, 0],
        groups: 1,
        bias: true,
        PaddingModes.Zeros,
        device)
    {
        public override Tensor forward(Tensor input) => forward(input, [output.Height, output.Width]);

        public override Tensor forward(Tensor input, long[]? output_size) => nn.functional.conv_transpose2d(
            input,
            weight,
            bias,
            stride,
            padding,
            _output_padding(input, output_size, kernel_size, stride, padding!, dilation, num_spatial_dims: 2),
            dilation,
            groups);
    }
}
