namespace Vae.Core.Engine;

/// <summary>Draws the numbers of one place of a <see cref="RandomStream"/> one after another, where their count is not known ahead.</summary>
public sealed class RandomSequence
{
    internal RandomSequence(RandomStream stream, long major, uint minor) => throw new NotImplementedException();

    /// <summary>The next 32 bits.</summary>
    public uint NextBits() => throw new NotImplementedException();

    /// <summary>The next integer in [0, <paramref name="bound"/>), each as likely as the others.</summary>
    public int NextBelow(int bound) => throw new NotImplementedException();

    /// <summary>The next number in [0, 1), a multiple of 2⁻³².</summary>
    public double NextDouble() => throw new NotImplementedException();
}
