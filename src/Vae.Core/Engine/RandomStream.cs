namespace Vae.Core.Engine;

/// <summary>
/// Random numbers as a pure function of (seed, purpose, site, major, minor, position): nothing but these counters needs saving to continue
/// a run bit for bit. The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
/// All methods give the same values on every machine, and the first n values do not depend on how many are asked for.
/// </summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Purpose">What the numbers are for.</param>
/// <param name="Site">Which of several places draws for that purpose: a group of latents, a player, an augmentation.</param>
public readonly record struct RandomStream(ulong Seed, RandomPurpose Purpose, uint Site = 0)
{
    private const float UniformStep = 1f / (1 << 24);

    /// <summary>Uniform numbers in [0, 1), multiples of 2⁻²⁴.</summary>
    /// <param name="major">The outer counter: a step or an epoch.</param>
    /// <param name="minor">The inner counter: an image or a chunk.</param>
    /// <param name="destination">Filled whole.</param>
    public void Uniform(long major, uint minor, Span<float> destination) => Fill(major, minor, isNormal: false, destination);

    /// <summary>Uniform 32-bit numbers.</summary>
    /// <inheritdoc cref="Uniform"/>
    public void UniformBits(long major, uint minor, Span<uint> destination) => new Philox(this, major, minor).Fill(0, destination);

    /// <summary>Standard normal numbers, always finite, at most 6.6 in magnitude.</summary>
    /// <inheritdoc cref="Uniform"/>
    public void Normal(long major, uint minor, Span<float> destination) => Fill(major, minor, isNormal: true, destination);

    /// <summary>One 64-bit number, to seed another generator for example.</summary>
    public ulong Bits64(long major, uint minor)
    {
        (uint low, uint high, uint _, uint _) = new Philox(this, major, minor).Block(0);
        return ((ulong)high << 32) | low;
    }

    /// <summary>The numbers of one (major, minor) one after another.</summary>
    public RandomSequence Sequence(long major, uint minor) => new(this, major, minor);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Fill(long major, uint minor, bool isNormal, Span<float> destination)
    {
        Philox generator = new(this, major, minor);
        Span<float> last = stackalloc float[Philox.GroupSize]; // a group that is cut where the destination ends
        Span<float> rest = destination;
        for (uint block = 0; rest.Length > 0; block += Philox.GroupBlocks)
        {
            (Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) = generator.Group(block);
            (Vector256<float> first, Vector256<float> second) = isNormal ? BoxMuller.Transform(a, b) : (ToUniform(a), ToUniform(b));
            (Vector256<float> third, Vector256<float> fourth) = isNormal ? BoxMuller.Transform(c, d) : (ToUniform(c), ToUniform(d));
            int count = Math.Min(rest.Length, Philox.GroupSize);
            Philox.StoreByBlock(first, second, third, fourth, count == Philox.GroupSize ? rest : last);
            if (count < Philox.GroupSize)
            {
                last[..count].CopyTo(rest);
            }

            rest = rest[count..];
        }
    }

    private static Vector256<float> ToUniform(Vector256<uint> bits) =>
        Vector256.ConvertToSingle((bits >>> 8).AsInt32()) * Vector256.Create(UniformStep);
}
