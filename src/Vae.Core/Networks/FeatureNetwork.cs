namespace Vae.Core.Networks;

/// <summary>A network that turns rows of numbers into rows of features: the body of an encoder or of a decoder.</summary>
public abstract class FeatureNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates a network from rows of the one length to rows of the other.</summary>
    protected FeatureNetwork(string name, int inputFeatures, int outputFeatures)
        : base(name)
    {
        InputFeatures = inputFeatures;
        OutputFeatures = outputFeatures;
    }

    /// <summary>Numbers in a row of input.</summary>
    public int InputFeatures { get; }

    /// <summary>Numbers in a row of output.</summary>
    public int OutputFeatures { get; }

    /// <summary>The layers, where all of them are dense and nothing else stands between them; else null.</summary>
    internal virtual IReadOnlyList<DenseBlock>? DenseBlocks => null;
}
