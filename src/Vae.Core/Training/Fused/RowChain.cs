using Vae.Core.Engine;
namespace Vae.Core.Training.Fused;

/// <summary>Some rows through all layers of a network, and back.</summary>
internal sealed class RowChain : IDisposable
{
    private readonly LayerBuffers.Rows[] _layers;

    /// <summary>Takes views.</summary>
    /// <param name="layers">The network.</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">The row after the last.</param>
    /// <param name="inputGradient">Where the gradient with respect to the network's input goes; null where nobody wants it.</param>
    public RowChain(LayerBuffers[] layers, int start, int end, TensorBuffer<float>? inputGradient) =>
        _layers = [.. layers.Select((layer, i) => layer.Slice(start, end, i == 0 ? inputGradient : layers[i - 1].ValueGradient))];

    /// <summary>From the input to the last layer's products.</summary>
    public void Forward()
    {
        foreach (LayerBuffers.Rows layer in _layers)
        {
            layer.Forward();
        }
    }

    /// <summary>From the gradient of the last layer's products to those of all others.</summary>
    public void Backward()
    {
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            _layers[i].Backward();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_layers, layer => layer.Dispose());
}
