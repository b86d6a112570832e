using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vae.Core.Networks;

/// <summary>
/// Convolutions that divide the sides of a map by their stride, rounding up, and transposed ones that lead back to exactly the map before,
/// whatever its size: zeros around the map make up what is missing, as evenly as may be.
/// </summary>
internal static class StridedConvolution
{
    /// <summary>From <paramref name="larger"/> to its sides over the stride.</summary>
    public static Conv2d Down(FeatureMap larger, int outputChannels, int kernel, int stride) => nn.Conv2d(
        larger.Channels,
        outputChannels,
        (kernel, kernel),
        (stride, stride),
        (Padding(larger.Height, kernel, stride), Padding(larger.Width, kernel, stride)));

    /// <summary>From maps with the channels and the sides over the stride to <paramref name="larger"/>.</summary>
    public static ConvTranspose2d Up(int inputChannels, FeatureMap larger, int kernel, int stride) => nn.ConvTranspose2d(
        inputChannels,
        larger.Channels,
        (kernel, kernel),
        (stride, stride),
        (Padding(larger.Height, kernel, stride), Padding(larger.Width, kernel, stride)),
        (OutputPadding(larger.Height, kernel, stride), OutputPadding(larger.Width, kernel, stride)));

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
    private static int Padding(int length, int kernel, int stride) => (Zeros(length, kernel, stride) + 1) / 2;

    private static int OutputPadding(int length, int kernel, int stride) =>
        (2 * Padding(length, kernel, stride)) - Zeros(length, kernel, stride);

    private static int Zeros(int length, int kernel, int stride) =>
        ((FeatureMap.Reduced(length, stride) - 1) * stride) + kernel - length;
}
