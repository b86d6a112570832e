using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Priors;

namespace Vae.Core.Composition;

/// <summary>Turns a prior's configuration into the prior.</summary>
internal static class PriorFactory
{
    /// <summary>The prior over latents of so many dimensions.</summary>
    /// <param name="configuration">What is wanted.</param>
    /// <param name="latent">D.</param>
    /// <param name="encode">The model's q(z|x) for inputs [B, P], which a VampPrior shares; called after the model is built.</param>
    /// <param name="pixels">P, the numbers in an image.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="training">
    /// The images that pseudo-inputs start from; null where a checkpoint will overwrite them, so that no data are needed.
    /// </param>
    /// <param name="device">Where it is made.</param>
    public static Prior Build(
        PriorConfiguration configuration, int latent, Func<Tensor, DiagonalGaussian> encode, int pixels, long seed, ImageSet? training, Device device)
    {
        RandomStream stream = new((ulong)seed, RandomPurpose.PriorInitialization);
        return configuration switch
        {
            StandardNormalPriorConfiguration => new StandardNormalPrior(latent),
            MixturePriorConfiguration mixture => new MixturePrior(SpreadMeans(mixture, latent, stream, device)),
            VampPriorConfiguration vamp => new VampPrior(latent, PseudoInputs(vamp, pixels, stream, training, device), encode),
            _ => throw new NotSupportedException($"{configuration} has no implementation."),
        };
    }

    // [C, D]
    private static Tensor SpreadMeans(MixturePriorConfiguration configuration, int latent, RandomStream stream, Device device) =>
        device.type == DeviceType.META
            ? empty(configuration.Components, latent, device: device)
            : Noise.Normal(stream, 0, 0, CPU, configuration.Components, latent).mul_(configuration.Spread);

    // [C, P]
    private static Tensor PseudoInputs(
        VampPriorConfiguration configuration, int pixels, RandomStream stream, ImageSet? training, Device device)
    {
        if (device.type == DeviceType.META)
        {
            return empty(configuration.PseudoInputs, pixels, device: device);
        }

        float[] values = new float[(long)configuration.PseudoInputs * pixels];
        if (training is not null)
        {
            stream.Normal(0, 0, values);
            float[]? mean = configuration.Start == PseudoInputStart.Mean ? training.MeanPixel() : null;
            int[] order = BatchOrder.Permutation(stream.Seed, 0, training.Count); // epochs, which have the others, count from 1
            for (int component = 0; component < configuration.PseudoInputs; component++)
            {
                float[] start = mean ?? UnitPixels(training.Image(order[component % order.Length]));
                AddTo(start, values.AsSpan(component * pixels, pixels), (float)configuration.StartNoise);
            }
        }

        return tensor(values, [configuration.PseudoInputs, pixels]);
    }

    private static float[] UnitPixels(ReadOnlySpan<byte> image)
    {
        float[] values = new float[image.Length];
        for (int p = 0; p < values.Length; p++)
        {
            values[p] = image[p] / 255f;
        }

        return values;
    }

    // What the noise takes out of [0, 1] is reflected into it: beyond, a pseudo-pixel has no gradient and would stay where it is.
    private static void AddTo(float[] start, Span<float> noise, float deviation)
    {
        for (int p = 0; p < noise.Length; p++)
        {
            float value = MathF.Abs(start[p] + (deviation * noise[p]));
            noise[p] = Math.Clamp(value > 1 ? 2 - value : value, 0, 1);
        }
    }
}
