namespace Vae.Core.Networks;

/// <summary>
/// Convolutions that divide the sides of a map by their stride, rounding up, and transposed ones that lead back to exactly the map before,
/// whatever its size: zeros around the map make up what is missing, as evenly as may be.
/// </summary>
internal static class StridedConvolution
{
    /// <summary>From <paramref name="larger"/> to its sides over the stride.</summary>
    public static Conv2d Down(FeatureMap larger, int outputChannels, int kernel, int stride, Device? device = null) => nn.Conv2d(
        larger.Channels,
        outputChannels,
        (kernel, kernel),
        (stride, stride),
        (Padding(larger.Height, kernel, stride), Padding(larger.Width, kernel, stride)),
        device: device);

    /// <summary>From maps with the channels and the sides over the stride to <paramref name="larger"/>.</summary>
    public static ConvolutionTranspose Up(int inputChannels, FeatureMap larger, int kernel, int stride, Device? device = null) =>
        new SizedTransposedConvolution(inputChannels, larger, kernel, stride, device);

    /// <summary>Refuses what would skip pixels or could not be undone.</summary>
    public static void Check(int kernel, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, stride);
        if (stride == 1 && kernel % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "with stride 1 an even kernel has no middle");
        }
    }

    // An odd number of zeros goes around the map rounded up: the row too many on the far side lies beyond the last stride.
    private static int Padding(int length, int kernel, int stride)
    {
        int zeros = ((FeatureMap.Reduced(length, stride) - 1) * stride) + kernel - length;
        return (zeros + 1) / 2;
    }

    // PyTorch's ConvTranspose2d, told the size of its output. TorchSharp's, left to its output_padding, takes that of the height for both sides.
    private sealed class SizedTransposedConvolution(
        int inputChannels, FeatureMap output, int side, int step, Device? device) : ConvolutionTranspose(
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
