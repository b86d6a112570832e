namespace Vae.Core.Evaluation;

/// <summary>log of the mean of exponentials of a stream of numbers, in float64 and without overflow.</summary>
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

    /// <summary>Adds all numbers of another stream.</summary>
    public void Merge(in LogMeanExp other)
    {
        if (other._count == 0)
        {
            return;
        }

        double largest = Math.Max(_largest, other._largest);
        double own = _count == 0 ? 0 : Math.Exp(_largest - largest);
        double others = Math.Exp(other._largest - largest);
        _scaledSum = (_scaledSum * own) + (other._scaledSum * others);
        _scaledSquares = (_scaledSquares * own * own) + (other._scaledSquares * others * others);
        _largest = largest;
        _count += other._count;
    }

    /// <summary>How many numbers were added.</summary>
    public readonly long Count => _count;

    /// <summary>log((1/n) Σ exp x).</summary>
    public readonly double Value => _largest + Math.Log(_scaledSum) - Math.Log(_count);

    /// <summary>(Σ w)² / Σ w² for the weights w = exp x: how many equal weights would be worth as much (Kong 1992).</summary>
    public readonly double EffectiveSampleSize => _scaledSum * _scaledSum / _scaledSquares;
}
