namespace Vae.Core.Data.Digits;

/// <summary>
/// A round pen on a small grey image. Each pixel keeps the densest ink of all pieces of line, which falls from full to none over the width of
/// the edge. Only +, −, ×, ÷ and √ in double precision lead to a pixel, which IEEE 754 rounds the same way on every machine.
/// </summary>
internal sealed class Pen(int size)
{
    private const double EdgeWidth = 1.3; // pixels, about that of digits scanned and scaled down

    private readonly double[] _ink = new double[size * size];

    /// <summary>Clears the image.</summary>
    public void Clear() => Array.Clear(_ink);

    /// <summary>Draws a straight piece of line of the given radius; all in pixels, pixel (0, 0) covering [0, 1]².</summary>
    public void Line(double x0, double y0, double x1, double y1, double radius)
    {
        double reach = radius + (EdgeWidth / 2);
        int left = Bound(Math.Min(x0, x1) - reach - 0.5), right = Bound(Math.Max(x0, x1) + reach + 0.5);
        int top = Bound(Math.Min(y0, y1) - reach - 0.5), bottom = Bound(Math.Max(y0, y1) + reach + 0.5);
        double dx = x1 - x0, dy = y1 - y0;
        double squaredLength = (dx * dx) + (dy * dy);
        double inverse = squaredLength > 0 ? 1 / squaredLength : 0;
        for (int row = top; row < bottom; row++)
        {
            double py = row + 0.5 - y0;
            for (int column = left; column < right; column++)
            {
                double px = column + 0.5 - x0;
                double along = Math.Clamp(((px * dx) + (py * dy)) * inverse, 0, 1);
                double ex = px - (along * dx), ey = py - (along * dy);
                double squaredDistance = (ex * ex) + (ey * ey);
                if (squaredDistance < reach * reach)
                {
                    double ink = Math.Min((reach - Math.Sqrt(squaredDistance)) / EdgeWidth, 1);
                    ref double pixel = ref _ink[(row * size) + column];
                    pixel = Math.Max(pixel, ink);
                }
            }
        }
    }

    /// <summary>Writes the image as bytes, white ink on black.</summary>
    public void CopyTo(Span<byte> pixels)
    {
        for (int i = 0; i < _ink.Length; i++)
        {
            double ink = _ink[i];
            double smooth = ink * ink * (3 - (2 * ink)); // no visible border of the edge
            pixels[i] = (byte)((smooth * 255) + 0.5);
        }
    }

    private int Bound(double coordinate) => (int)Math.Clamp(coordinate + 0.5, 0, size);
}
