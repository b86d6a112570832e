namespace Vae.Core.Data;

/// <summary>The mean image, as the likelihood sees it.</summary>
public static class MeanTarget
{
    /// <summary>The mean target of each pixel over a set, [P].</summary>
    /// <param name="images">The images.</param>
    /// <param name="transform">How their pixels become targets; binarizations that are drawn take the draws of the first epoch.</param>
    public static float[] Of(ImageSet images, PixelTransform transform)
    {
        double[] sums = new double[images.Shape.PixelCount];
        float[] input = new float[sums.Length];
        float[] target = new float[sums.Length];
        for (int i = 0; i < images.Count; i++)
        {
            transform.Apply(images.Image(i), 1, images.PublishedIndex(i), input, target);
            for (int p = 0; p < sums.Length; p++)
            {
                sums[p] += target[p];
            }
        }

        return Array.ConvertAll(sums, sum => images.Count == 0 ? 0f : (float)(sum / images.Count));
    }

    /// <summary>Puts the mean over each channel in all of its pixels, [P].</summary>
    /// <param name="mean">The mean of each pixel, [P].</param>
    /// <param name="shape">The shape of the image.</param>
    public static float[] ByChannel(ReadOnlySpan<float> mean, ImageShape shape)
    {
        int pixels = shape.Height * shape.Width;
        float[] result = new float[mean.Length];
        for (int channel = 0; channel < shape.Channels; channel++)
        {
            double sum = 0;
            foreach (float value in mean.Slice(channel * pixels, pixels))
            {
                sum += value;
            }

            result.AsSpan(channel * pixels, pixels).Fill((float)(sum / pixels));
        }

        return result;
    }
}
