namespace Vae.Core.Engine;

/// <summary>
/// The transform of Box and Muller (1958) on vectors: two uniform numbers become two independent standard normal ones. Logarithm, sine and
/// cosine are series in additions and multiplications only, which IEEE 754 rounds the same way everywhere; the machine's own functions
/// differ in the last bit from one mathematical library to the next.
/// </summary>
internal static class BoxMuller
{
    /// <summary>
    /// The radius comes from 31 bits, u = (k + 1) / 2³¹ in (0, 1], so that it is finite and at most √(62 ln 2) = 6.56; the angle from 32
    /// bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> First, Vector256<float> Second) Transform(Vector256<uint> radiusBits, Vector256<uint> angleBits)
    {
        Vector256<float> uniform =
            (Vector256.ConvertToSingle((radiusBits >>> 1).AsInt32()) + Vector256<float>.One) * Vector256.Create(1f / (1u << 31));
        Vector256<float> radius = Vector256.Sqrt(Vector256.Create(-2f) * Log(uniform));
        (Vector256<float> sine, Vector256<float> cosine) = SinCosTurns(angleBits);
        return (radius * cosine, radius * sine);
    }

    /// <summary>The natural logarithm of positive normal numbers: log m + e log 2 with m in [√½, √2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Log(Vector256<float> x)
    {
        Vector256<int> sqrtHalf = Vector256.Create(0x3F3504F3);  // the bits of √½
        Vector256<int> bits = x.AsInt32();
        Vector256<int> exponent = (bits - sqrtHalf) >> 23;
        Vector256<float> mantissa = (bits - (exponent << 23)).AsSingle();

        // log m = 2 artanh s with s = (m - 1) / (m + 1), |s| < 0.1716: the first term left out is below 2^-28 of the first.
        Vector256<float> s = (mantissa - Vector256<float>.One) / (mantissa + Vector256<float>.One);
        Vector256<float> s2 = s * s;
        Vector256<float> series = (s2 * (2f / 9)) + Vector256.Create(2f / 7);
        series = (series * s2) + Vector256.Create(2f / 5);
        series = (series * s2) + Vector256.Create(2f / 3);
        series = (series * s2) + Vector256.Create(2f);
        return (s * series) + (Vector256.ConvertToSingle(exponent) * Vector256.Create(0.693147181f));
    }

    /// <summary>Sine and cosine of bits / 2³² turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector256<float> Sine, Vector256<float> Cosine) SinCosTurns(Vector256<uint> bits)
    {
        // The nearest quarter turn, exactly, and what is left of it: an angle of at most π/4.
        Vector256<uint> quarter = (bits + Vector256.Create(0x20000000u)) >>> 30;
        Vector256<int> rest = (bits - (quarter << 30)).AsInt32();
        Vector256<float> x = Vector256.ConvertToSingle(rest) * Vector256.Create((float)(2 * Math.PI / 4294967296.0));
        Vector256<float> x2 = x * x;

        Vector256<float> sine = (x2 * (1f / 362880)) - Vector256.Create(1f / 5040);
        sine = (sine * x2) + Vector256.Create(1f / 120);
        sine = (sine * x2) - Vector256.Create(1f / 6);
        sine = (sine * x2 * x) + x;

        Vector256<float> cosine = (x2 * (-1f / 3628800)) + Vector256.Create(1f / 40320);
        cosine = (cosine * x2) - Vector256.Create(1f / 720);
        cosine = (cosine * x2) + Vector256.Create(1f / 24);
        cosine = (cosine * x2) - Vector256.Create(0.5f);
        cosine = (cosine * x2) + Vector256<float>.One;

        Vector256<uint> odd = Vector256.Equals(quarter & Vector256<uint>.One, Vector256<uint>.One);
        Vector256<float> sineOfSum = Vector256.ConditionalSelect(odd.AsSingle(), cosine, sine);
        Vector256<float> cosineOfSum = Vector256.ConditionalSelect(odd.AsSingle(), sine, cosine);

        // Quarters 2 and 3 negate the sine, 1 and 2 the cosine.
        Vector256<uint> sineSign = (quarter >>> 1) << 31;
        Vector256<uint> cosineSign = ((quarter + Vector256<uint>.One) >>> 1) << 31;
        return ((sineOfSum.AsUInt32() ^ sineSign).AsSingle(), (cosineOfSum.AsUInt32() ^ cosineSign).AsSingle());
    }
}
