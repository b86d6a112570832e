using Vae.Core.Engine;

namespace Vae.Core.Data.Digits;

/// <summary>Distributions that need no function of the C library.</summary>
internal static class RandomShapes
{
    /// <summary>A nearly normal number of mean 0 and standard deviation 1: the sum of four uniform ones, never beyond ±3.47.</summary>
    public static double NextBell(this RandomSequence random)
    {
        const double SquareRootOf3 = 1.7320508075688772;
        double sum = random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble();
        return (sum - 2) * SquareRootOf3;
    }

    /// <summary>A number between -1 and 1, small ones likelier.</summary>
    public static double NextTriangular(this RandomSequence random) => random.NextDouble() - random.NextDouble();

    /// <summary>A uniform number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static double NextBetween(this RandomSequence random, double low, double high) => low + ((high - low) * random.NextDouble());
}
