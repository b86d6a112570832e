namespace Vae.Core.Tests.Data.Digits;

/// <summary>What can be measured in an image [28, 28] without knowing how it was drawn.</summary>
internal static class DigitMeasures
{
    private const int Side = 28;

    /// <summary>The shear that takes the second moments of the ink upright: pixels to the right for each pixel upwards.</summary>
    public static double Slant(ReadOnlySpan<byte> image)
    {
        double ink = 0, x = 0, y = 0, xy = 0, yy = 0;
        for (int p = 0; p < image.Length; p++)
        {
            (int row, int column) = Math.DivRem(p, Side);
            ink += image[p];
            x += image[p] * (double)column;
            y += image[p] * (double)row;
            xy += image[p] * (double)column * row;
            yy += image[p] * (double)row * row;
        }

        return -((xy / ink) - (x * y / (ink * ink))) / ((yy / ink) - (y * y / (ink * ink)));
    }

    /// <summary>Twice the area of the ink over its outline, the sum of the differences between neighbours.</summary>
    public static double Thickness(ReadOnlySpan<byte> image)
    {
        double area = 0, outline = 0;
        for (int p = 0; p < image.Length - Side - 1; p++)
        {
            area += image[p];
            double right = image[p + 1] - image[p], down = image[p + Side] - image[p];
            outline += Math.Sqrt((right * right) + (down * down));
        }

        return 2 * area / outline;
    }

    /// <summary>
    /// The box around the ink in pixels, each edge placed within its pixel by how dark the darkest pixel of the row or column beyond is.
    /// </summary>
    public static (double Left, double Top, double Right, double Bottom) InkBox(ReadOnlySpan<byte> image)
    {
        double[] rows = new double[Side], columns = new double[Side];
        for (int p = 0; p < image.Length; p++)
        {
            (int row, int column) = Math.DivRem(p, Side);
            rows[row] = Math.Max(rows[row], image[p] / 255.0);
            columns[column] = Math.Max(columns[column], image[p] / 255.0);
        }

        return (First(columns), First(rows), Side - First([.. columns.Reverse()]), Side - First([.. rows.Reverse()]));
    }

    private static double First(double[] profile)
    {
        int full = Array.FindIndex(profile, value => value > 0.5);
        return full - (full > 0 ? profile[full - 1] : 0);
    }
}
