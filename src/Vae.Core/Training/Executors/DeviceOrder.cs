using Vae.Core.Data;
using Vae.Core.Engine;

namespace Vae.Core.Training.Executors;

/// <summary>An epoch's order of images on the device, copied there once; a batch is a slice of it.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="count">Images in the set.</param>
/// <param name="device">Where the order is wanted.</param>
internal sealed class DeviceOrder(ulong seed, int count, Device device) : IDisposable
{
    private int _epoch = -1;
    private int[] _order = [];
    private int[] _places = [];
    private Tensor? _onDevice;

    /// <summary>The batch's indices, [B] int64 on the device.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="epoch">The epoch under way.</param>
    public Tensor Of(ReadOnlySpan<int> images, int epoch)
    {
        if (epoch != _epoch)
        {
            Begin(epoch);
        }

        int start = _places[images[0]];
        return start + images.Length <= count && images.SequenceEqual(_order.AsSpan(start, images.Length))
            ? _onDevice!.narrow(0, start, images.Length)
            : Copy(images).to(device); // another order than the epoch's: a trial's, say
    }

    /// <inheritdoc/>
    public void Dispose() => _onDevice?.Dispose();

    private void Begin(int epoch)
    {
        using DisposeScope scope = NewDisposeScope();
        _onDevice?.Dispose();
        _order = BatchOrder.Permutation(seed, epoch, count);
        _places = new int[count];
        for (int i = 0; i < count; i++)
        {
            _places[_order[i]] = i;
        }

        _onDevice = Copy(_order).to(device).DetachFromDisposeScope();
        _epoch = epoch;
    }

    private static Tensor Copy(ReadOnlySpan<int> indices)
    {
        Tensor result = empty(indices.Length, ScalarType.Int64);
        Span<long> values = TensorMemory.Of<long>(result);
        for (int i = 0; i < indices.Length; i++)
        {
            values[i] = indices[i];
        }

        return result;
    }
}
