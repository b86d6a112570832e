namespace Vae.Core.Likelihoods;

/// <summary>Finds the parameter of a distribution on [0, 1] by its mean, where that rises with the parameter and is ½ at 0.</summary>
internal static class TiltedMean
{
    // A mean nearer to an end would need a parameter of hundreds, from which no training finds back.
    private const double Margin = 0.05;
    private const double LargestParameter = 64;
    private const int Halvings = 40;

    /// <summary>The parameter with the mean, or with the nearest one that is not too near to 0 or 1.</summary>
    public static double Invert(Func<double, double> meanOf, double mean)
    {
        double wanted = Math.Clamp(mean, Margin, 1 - Margin);
        double low = -LargestParameter;
        double high = LargestParameter;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = meanOf(middle) < wanted ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }
}
