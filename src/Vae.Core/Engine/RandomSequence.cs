namespace Vae.Core.Engine;

/// <summary>
/// Draws the numbers of one place of a <see cref="RandomStream"/> one after another, where their count is not known ahead.
/// At most 2³⁴ of them; not for use by several threads.
/// </summary>
public sealed class RandomSequence
{
    private readonly Philox _generator;
    private readonly uint[] _buffer = new uint[8 * Philox.GroupSize];
    private int _position;
    private uint _nextBlock;

    internal RandomSequence(RandomStream stream, long major, uint minor)
    {
        _generator = new Philox(stream, major, minor);
        _position = _buffer.Length;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextBits()
    {
        if (_position == _buffer.Length)
        {
            _generator.Fill(_nextBlock, _buffer);
            _nextBlock += (uint)(_buffer.Length / Philox.BlockSize);
            _position = 0;
        }

        return _buffer[_position++];
    }

    /// <summary>The next integer in [0, <paramref name="bound"/>), each exactly as likely as the others (Lemire 2019).</summary>
    public int NextBelow(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong product = (ulong)NextBits() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            // 2³² mod bound of the low halves are one too many for their result and are drawn again.
            uint surplus = unchecked(0u - (uint)bound) % (uint)bound;
            while ((uint)product < surplus)
            {
                product = (ulong)NextBits() * (uint)bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>The next number in [0, 1), a multiple of 2⁻³².</summary>
    public double NextDouble() => NextBits() * (1.0 / 4294967296.0);
}
