namespace Vae.Core.Networks;

internal static class ConvolutionLayers
{
    /// <summary>Appends what follows a convolution.</summary>
    public static void AddActivation(this List<nn.Module<Tensor, Tensor>> layers, ConvolutionOptions options, int channels, Device? device) =>
        Add(layers, options.Normalization, options.Activation, channels, device);

    /// <summary>Appends what follows the last residual block, which ends in a sum.</summary>
    public static void AddEnd(this List<nn.Module<Tensor, Tensor>> layers, ResidualOptions options, int channels, Device? device) =>
        Add(layers, options.Normalization, options.Activation, channels, device);

    private static void Add(
        List<nn.Module<Tensor, Tensor>> layers, Normalization normalization, Activation activation, int channels, Device? device)
    {
        if (normalization.ForMaps(channels, device) is { } module)
        {
            layers.Add(module);
        }

        layers.Add(activation.ToModule());
    }
}
