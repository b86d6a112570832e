namespace Vae.Core.Networks;

/// <summary>The nonlinearity between layers.</summary>
public enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x for x > 0, else eˣ − 1.</summary>
    Elu,

    /// <summary>x · σ(x), also called swish.</summary>
    Silu,

    /// <summary>x · Φ(x).</summary>
    Gelu,

    /// <summary>max(0.01 x, x).</summary>
    LeakyRelu,

    /// <summary>log(1 + eˣ).</summary>
    Softplus,
}

/// <summary>
/// What keeps the features of a layer on one scale. Batch normalization is none of them: it would make log p(x|z) of an image depend on
/// the other images of its batch and on the number of posterior samples, so neither an ELBO per image nor an importance weight would mean
/// what it says.
/// </summary>
internal enum Normalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Over all features of an example (Ba, Kiros and Hinton 2016).</summary>
    Layer,

    /// <summary>Over groups of channels of an example (Wu and He 2018).</summary>
    Group,
}

internal static class Layers
{
    private const int LeastChannelsInGroup = 4;
    private const int MostGroups = 32;

    /// <summary>A new module that computes the activation.</summary>
    public static nn.Module<Tensor, Tensor> ToModule(this Activation activation) => activation switch
    {
        Activation.Relu => nn.ReLU(),
        Activation.Tanh => nn.Tanh(),
        Activation.Elu => nn.ELU(),
        Activation.Silu => nn.SiLU(),
        Activation.Gelu => nn.GELU(),
        Activation.LeakyRelu => nn.LeakyReLU(),
        Activation.Softplus => nn.Softplus(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    /// <summary>A new module over rows [N, features], or null for none. Rows have no channels to group.</summary>
    public static nn.Module<Tensor, Tensor>? ForRows(this Normalization normalization, int features, Device? device) => normalization switch
    {
        Normalization.None => null,
        Normalization.Layer => nn.LayerNorm(features, device: device),
        _ => throw new ArgumentOutOfRangeException(nameof(normalization), normalization, null),
    };

    /// <summary>A new module over maps [N, channels, H, W], or null for none. Weight and bias are one for each channel.</summary>
    public static nn.Module<Tensor, Tensor>? ForMaps(this Normalization normalization, int channels, Device? device) => normalization switch
    {
        Normalization.None => null,
        Normalization.Layer => OverGroups(1, channels, device),
        Normalization.Group => OverGroups(Groups(channels), channels, device),
        _ => throw new ArgumentOutOfRangeException(nameof(normalization), normalization, null),
    };

    /// <summary>As many groups as divide the channels, up to 32, of four channels at least: smaller ones wipe out what they hold.</summary>
    public static int Groups(int channels) =>
        Enumerable.Range(1, Math.Clamp(channels / LeastChannelsInGroup, 1, MostGroups)).Last(groups => channels % groups == 0);

    // TorchSharp's own leaves weight and bias as its memory was.
    private static GroupNorm OverGroups(int groups, int channels, Device? device)
    {
        GroupNorm normalization = nn.GroupNorm(groups, channels, device: device);
        nn.init.ones_(normalization.weight);
        nn.init.zeros_(normalization.bias!);
        return normalization;
    }
}
