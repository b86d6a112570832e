using System.Runtime.Intrinsics;

namespace Vae.Core.Data.Digits;

/// <summary>
/// A round pen on a field of 28×28 pixels. It keeps how deep each pixel's centre lies within the ink, so that strokes which cross or follow
/// each other never add up, and the edge falls off smoothly over a fixed width.
/// </summary>
internal sealed class Pen
{
    /// <summary>Pixels in a row and rows.</summary>
    public const int Side = 28;

    // The width in pixels over which ink fades at its edge.
    private const double EdgeWidth = 1.4;

    // A row is a whole number of vectors.
    private const int Lanes = 4;

    private readonly double[] _depth = new double[Side * Side];

    public void Clear() => Array.Fill(_depth, -EdgeWidth);

    /// <summary>Draws a straight line with an evenly changing radius; all in pixels from the field's upper left corner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // most of the drawing, which is over before it would be compiled well
    public void Line(double x0, double y0, double radius0, double x1, double y1, double radius1)
    {
        double reach = Math.Max(radius0, radius1) + (EdgeWidth / 2);
        int left = FirstPixel(Math.Min(x0, x1) - reach), right = LastPixel(Math.Max(x0, x1) + reach);
        int top = FirstPixel(Math.Min(y0, y1) - reach), bottom = LastPixel(Math.Max(y0, y1) + reach);
        double directionX = x1 - x0, directionY = y1 - y0;
        double squaredLength = (directionX * directionX) + (directionY * directionY);
        double inverse = squaredLength > 0 ? 1 / squaredLength : 0;
        Vector256<double> ramp = Vector256.Create(0.0, 1, 2, 3);
        for (int y = top; y <= bottom; y++)
        {
            double fromY = y + 0.5 - y0;
            // Whole vectors: pixels beyond the reach get depths that are no ink.
            for (int x = left & -Lanes; x <= right; x += Lanes)
            {
                Span<double> place = _depth.AsSpan((y * Side) + x, Lanes);
                Vector256<double> fromX = Vector256.Create(x + 0.5) + ramp - Vector256.Create(x0);
                Vector256<double> along = ((fromX * directionX) + Vector256.Create(fromY * directionY)) * inverse;
                along = Vector256.Min(Vector256.Max(along, Vector256<double>.Zero), Vector256<double>.One);
                Vector256<double> offX = fromX - (along * directionX), offY = Vector256.Create(fromY) - (along * directionY);
                Vector256<double> radius = Vector256.Create(radius0) + (along * (radius1 - radius0));
                Vector256<double> depth = radius - Vector256.Sqrt((offX * offX) + (offY * offY));
                Vector256.Max(depth, Vector256.Create(place)).CopyTo(place);
            }
        }
    }

    /// <summary>Writes the ink as grey values [28, 28], 255 where it is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(Span<byte> image)
    {
        for (int i = 0; i < image.Length; i++)
        {
            double ink = PortableMath.SmoothStep((_depth[i] / EdgeWidth) + 0.5);
            image[i] = (byte)((255 * ink) + 0.5);
        }
    }

    private static int FirstPixel(double edge) => Math.Max(0, (int)Math.Floor(edge - 0.5));

    private static int LastPixel(double edge) => Math.Min(Side - 1, (int)Math.Ceiling(edge - 0.5));
}
