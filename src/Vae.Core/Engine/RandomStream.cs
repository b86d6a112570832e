namespace Vae.Core.Engine;

/// <summary>
/// Random numbers as a pure function of (seed, purpose, major, minor, position): nothing but these counters needs saving to continue
/// a run bit for bit. The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
/// All methods give the same values on every machine, and the first n values do not depend on how many are asked for.
/// </summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Purpose">What the numbers are for.</param>
public readonly record struct RandomStream(ulong Seed, RandomPurpose Purpose)
{
    /// <summary>Uniform numbers in [0, 1), multiples of 2⁻²⁴.</summary>
    /// <param name="major">The outer counter: a step or an epoch.</param>
    /// <param name="minor">The inner counter: an image or a chunk.</param>
    /// <param name="destination">Filled whole.</param>
    public void Uniform(long major, uint minor, Span<float> destination) => throw new NotImplementedException();

    /// <summary>Uniform 32-bit numbers.</summary>
    /// <inheritdoc cref="Uniform"/>
    public void UniformBits(long major, uint minor, Span<uint> destination) => throw new NotImplementedException();

    /// <summary>Standard normal numbers, always finite, at most 6.6 in magnitude.</summary>
    /// <inheritdoc cref="Uniform"/>
    public void Normal(long major, uint minor, Span<float> destination) => throw new NotImplementedException();

    /// <summary>One 64-bit number, to seed another generator for example.</summary>
    public ulong Bits64(long major, uint minor) => throw new NotImplementedException();

    /// <summary>The numbers of one (major, minor) one after another.</summary>
    public RandomSequence Sequence(long major, uint minor) => new(this, major, minor);
}
