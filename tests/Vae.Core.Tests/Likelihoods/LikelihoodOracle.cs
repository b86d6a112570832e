namespace Vae.Core.Tests.Likelihoods;

/// <summary>A likelihood of one pixel under one output of the decoder, in float64, as plain numbers.</summary>
internal sealed class LikelihoodOracle(Likelihood likelihood, params double[] output)
{
    /// <summary>log p(x) for each target.</summary>
    public double[] LogProbability(params double[] targets)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor outputs = tensor(output).view(1, 1, output.Length).expand(1, targets.Length, output.Length);
        return likelihood.LogProbability(outputs, tensor(targets).view(targets.Length, 1)).view(-1).data<double>().ToArray();
    }

    /// <summary>What the likelihood says its mean is.</summary>
    public double Mean()
    {
        using DisposeScope scope = NewDisposeScope();
        return likelihood.Mean(tensor(output).view(1, output.Length)).ToDouble();
    }

    /// <summary>A draw for each uniform number.</summary>
    public double[] Sample(params double[] uniform)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor outputs = tensor(output).view(1, output.Length).expand(uniform.Length, output.Length);
        return likelihood.Sample(outputs, tensor(uniform).view(uniform.Length, 1)).view(-1).data<double>().ToArray();
    }

    /// <summary>∫ f(y)·p(y) dy between limits, by Gauss-Legendre quadrature of five points on each of many pieces.</summary>
    public double Integral(double from, double to, Func<double, double> weight, int pieces = 4000)
    {
        double[] nodes = [-0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831, 0.9061798459386640];
        double[] weights = [0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891];
        double half = (to - from) / pieces / 2;
        double[] points =
            [.. Enumerable.Range(0, pieces).SelectMany(piece => nodes.Select(node => from + (half * ((2 * piece) + 1 + node))))];
        double[] logDensity = LogProbability(points);
        double sum = 0;
        for (int i = 0; i < points.Length; i++)
        {
            sum += weights[i % 5] * weight(points[i]) * Math.Exp(logDensity[i]);
        }

        return sum * half;
    }

    /// <summary>The probability of each of the 256 levels.</summary>
    public double[] Levels() => [.. LogProbability([.. Enumerable.Range(0, 256).Select(level => level / 255.0)]).Select(Math.Exp)];
}
