using System.Buffers;

namespace Vae.Core.Engine;

/// <summary>
/// Draws random tensors as a pure function of a stream and its counters, so that a stopped run continues with the same draws.
/// On the CPU the numbers come from <see cref="RandomStream"/> and are the same on every machine; on a GPU they come
/// from the device's default generator, set for each draw, to spare the copy (TorchSharp makes no generator of a GPU's own).
/// </summary>
internal static class Noise
{
    /// <summary>Samples of <see cref="NormalPerSample"/> that one call of the generator makes; part of what a seed means.</summary>
    private const int SamplesPerDraw = 64;

    /// <summary>
    /// Sets the default generators, so that what a device draws next is a pure function of the stream and the counters. Nothing draws from
    /// them without setting them first.
    /// </summary>
    public static void SeedDevice(RandomStream stream, long major, uint minor = 0)
    {
        using Generator generator = manual_seed((long)stream.Bits64(major, minor));
    }

    /// <summary>Standard normal values of the given shape, float32.</summary>
    public static Tensor Normal(RandomStream stream, long major, uint minor, Device device, params long[] shape) =>
        Draw(stream, major, minor, device, shape, isNormal: true);

    /// <summary>Values uniform in [0, 1) of the given shape, float32.</summary>
    public static Tensor Uniform(RandomStream stream, long major, uint minor, Device device, params long[] shape) =>
        Draw(stream, major, minor, device, shape, isNormal: false);

    /// <summary>One value uniform in [0, 1) for each index, whatever the others, [n].</summary>
    public static Tensor UniformPerImage(RandomStream stream, long major, ReadOnlySpan<int> indices, Device device)
    {
        Tensor result = empty(indices.Length, ScalarType.Float32);
        Span<float> values = TensorMemory.Of<float>(result);
        for (int i = 0; i < indices.Length; i++)
        {
            stream.Uniform(major, (uint)indices[i], values.Slice(i, 1));
        }

        return result.to(device);
    }

    /// <summary>
    /// Standard normal values [K, n, D]: row i is drawn for the image with the index indices[i] alone, so that an image gets the same
    /// noise in whatever batch it stands.
    /// </summary>
    public static Tensor NormalPerImage(
        RandomStream stream, long major, ReadOnlySpan<int> indices, int samples, int dimension, Device device)
    {
        using Tensor perImage = empty(indices.Length, samples, dimension, ScalarType.Float32);
        Span<float> values = TensorMemory.Of<float>(perImage);
        int length = samples * dimension;
        for (int row = 0; row < indices.Length; row++)
        {
            stream.Normal(major, (uint)indices[row], values.Slice(row * length, length));
        }

        return perImage.transpose(0, 1).contiguous().to(device); // [K, n, D]
    }

    /// <summary>
    /// Standard normal values [K, n, D] for samples first … first+K−1: row (k, i) is drawn for sample first+k of the image
    /// indices[i] alone, so that neither chunk nor batch changes it. <see cref="SamplesPerDraw"/> samples of an image come
    /// from one call of the generator.
    /// </summary>
    public static Tensor NormalPerSample(
        RandomStream stream, int first, int samples, ReadOnlySpan<int> indices, int dimension, Device device)
    {
        Tensor result = empty(samples, indices.Length, dimension, ScalarType.Float32);
        Span<float> values = TensorMemory.Of<float>(result);
        float[] draw = ArrayPool<float>.Shared.Rent(SamplesPerDraw * dimension);
        for (int image = 0; image < indices.Length; image++)
        {
            for (int done = 0; done < samples;)
            {
                int skipped = (first + done) % SamplesPerDraw;
                int taken = Math.Min(SamplesPerDraw - skipped, samples - done);
                Span<float> drawn = draw.AsSpan(0, (skipped + taken) * dimension);
                stream.Normal((first + done) / SamplesPerDraw, (uint)indices[image], drawn);
                for (int row = 0; row < taken; row++)
                {
                    Span<float> place = values.Slice((((done + row) * indices.Length) + image) * dimension, dimension);
                    drawn.Slice((skipped + row) * dimension, dimension).CopyTo(place);
                }

                done += taken;
            }
        }

        ArrayPool<float>.Shared.Return(draw);
        return result.to(device);
    }

    /// <summary>
    /// The posterior's noise ε of one training step, [K, n, D]: on the CPU drawn for each image by (epoch, index), whatever the batch;
    /// on a GPU drawn there for the whole step.
    /// </summary>
    public static Tensor ForTraining(
        RandomStream stream, int epoch, long step, ReadOnlySpan<int> indices, int samples, int dimension, Device device) =>
        device.type == DeviceType.CPU
            ? NormalPerImage(stream, epoch, indices, samples, dimension, device)
            : Normal(stream, step, 0, device, samples, indices.Length, dimension);

    private static Tensor Draw(RandomStream stream, long major, uint minor, Device device, long[] shape, bool isNormal)
    {
        if (device.type != DeviceType.CPU)
        {
            SeedDevice(stream, major, minor);
            return isNormal ? randn(shape, ScalarType.Float32, device) : rand(shape, ScalarType.Float32, device);
        }

        Tensor result = empty(shape, ScalarType.Float32);
        Span<float> values = TensorMemory.Of<float>(result);
        if (isNormal)
        {
            stream.Normal(major, minor, values);
        }
        else
        {
            stream.Uniform(major, minor, values);
        }

        return result;
    }
}
