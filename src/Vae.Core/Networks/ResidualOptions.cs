namespace Vae.Core.Networks;

/// <summary>The shape of a residual network.</summary>
public sealed record ResidualOptions
{
    /// <summary>Channels of each stage, from input to output. An encoder's stage halves the sides of its map, a decoder's doubles them.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>Residual blocks in a stage; one of them changes the size.</summary>
    public int BlocksPerStage { get; init; } = 1;

    /// <summary>The nonlinearity before each convolution of a block.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>What stands before that nonlinearity.</summary>
    public Normalization Normalization { get; init; } = Normalization.Group;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Channels.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlocksPerStage, 1);
    }
}
