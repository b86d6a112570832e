namespace Vae.Core.Evaluation;

/// <summary>log of the mean of exponentials of a stream of numbers, in float64 and without overflow, with the mean of the numbers themselves.</summary>
internal struct LogMeanExp
{
    private double _largest;
    private double _scaledSum;        // Σ exp(x − largest)
    private double _scaledSquares;    // Σ exp(2 (x − largest))
    private long _count;

    /// <summary>Nothing added yet.</summary>
    public LogMeanExp() => _largest = double.NegativeInfinity;

    /// <summary>Adds one number.</summary>
    public void Add(double value)
    {
        if (value > _largest)
        {
            double shrink = Math.Exp(_largest - value);
            _scaledSum = (_scaledSum * shrink) + 1;
            _scaledSquares = (_scaledSquares * shrink * shrink) + 1;
            _largest = value;
        }
        else
        {
            double term = Math.Exp(value - _largest);
            _scaledSum += term;
            _scaledSquares += term * term;
        }

        _count++;
    }

    /// <summary>log((1/n) Σ exp x).</summary>
    public readonly double Value => _largest + Math.Log(_scaledSum) - Math.Log(_count);

    /// <summary>(Σ w)² / Σ w² for the weights w = exp x: how many equal weights would be worth as much (Kong 1992).</summary>
    public readonly double EffectiveSampleSize => _scaledSum * _scaledSum / _scaledSquares;
}
