namespace Vae.Core.Networks;

/// <summary>The part of a decoder that ends in maps instead of rows, and knows the layer that makes images of them.</summary>
public abstract class DecoderBody : nn.Module<Tensor, Tensor>
{
    /// <summary>Names the network.</summary>
    protected DecoderBody(string name)
        : base(name)
    {
    }

    /// <summary>The features of latents.</summary>
    /// <param name="latents">[N, D].</param>
    public abstract override Tensor forward(Tensor latents);

    /// <summary>A new layer from this body's maps to [N, outputsPerPixel·C, H, W], with one bias for each of its channels.</summary>
    public abstract nn.Module<Tensor, Tensor> NewOutputLayer(int outputsPerPixel);
}
