namespace Vae.Core.Networks;

/// <summary>The shape of strided convolutions.</summary>
public sealed record ConvolutionOptions
{
    /// <summary>Channels of each layer's output, from input to output; in a decoder the first are those of the smallest map.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>Side of the kernels.</summary>
    public int Kernel { get; init; } = 4;

    /// <summary>What each layer divides the sides of its map by, in a decoder multiplies; at most the kernel.</summary>
    public int Stride { get; init; } = 2;

    /// <summary>Widths of dense layers between the smallest map and the code.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>The nonlinearity after each layer.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>What stands between a convolution and its activation.</summary>
    public Normalization Normalization { get; init; } = Normalization.None;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Channels.Count);
        StridedConvolution.Check(Kernel, Stride);
    }
}
