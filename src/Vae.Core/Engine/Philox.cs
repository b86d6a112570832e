using System.Runtime.Intrinsics.X86;

namespace Vae.Core.Engine;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon et al. 2011): a keyed bijection of 128-bit counters. Here the counter is
/// (block, minor, low half of major, high half of major), and the vector path works on eight consecutive blocks at once.
/// </summary>
internal readonly struct Philox
{
    /// <summary>Numbers in one block.</summary>
    public const int BlockSize = 4;

    /// <summary>Blocks that the vector path makes at once.</summary>
    public const int GroupBlocks = 8;

    /// <summary>Numbers in one group of blocks.</summary>
    public const int GroupSize = GroupBlocks * BlockSize;

    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _minor;
    private readonly uint _majorLow;
    private readonly uint _majorHigh;

    public Philox(uint key0, uint key1, long major, uint minor)
    {
        _key0 = key0;
        _key1 = key1;
        _minor = minor;
        _majorLow = unchecked((uint)major);
        _majorHigh = unchecked((uint)(major >> 32));
    }

    public Philox(RandomStream stream, long major, uint minor)
    {
        ulong key = Mix(Mix(stream.Seed) + ((ulong)(uint)stream.Purpose * 0x9E3779B97F4A7C15));
        key = stream.Site == 0 ? key : Mix(key + (stream.Site * 0xD1342543DE82EF95)); // site 0 has the numbers of before there were sites
        this = new Philox((uint)key, (uint)(key >> 32), major, minor);
    }

    /// <summary>The four numbers of one block.</summary>
    public (uint A, uint B, uint C, uint D) Block(uint block)
    {
        uint c0 = block, c1 = _minor, c2 = _majorLow, c3 = _majorHigh;
        uint key0 = _key0, key1 = _key1;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ key0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ key1;
            c3 = (uint)product0;
            key0 = unchecked(key0 + Weyl0);
            key1 = unchecked(key1 + Weyl1);
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>The numbers of eight blocks, a vector for each of a block's four: lane i is of <paramref name="firstBlock"/> + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<uint> A, Vector256<uint> B, Vector256<uint> C, Vector256<uint> D) Group(uint firstBlock) =>
        Avx2.IsSupported ? GroupAvx2(firstBlock) : GroupScalar(firstBlock);

    /// <summary>Fills the destination with the blocks from the first on, the last one cut where it ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(uint firstBlock, Span<uint> destination)
    {
        uint block = firstBlock;
        Span<uint> rest = destination;
        for (; rest.Length >= GroupSize; rest = rest[GroupSize..], block = unchecked(block + GroupBlocks))
        {
            (Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) = Group(block);
            StoreByBlock(a, b, c, d, rest);
        }

        for (; rest.Length > 0; block = unchecked(block + 1))
        {
            (uint a, uint b, uint c, uint d) = Block(block);
            ReadOnlySpan<uint> four = [a, b, c, d];
            int count = Math.Min(BlockSize, rest.Length);
            four[..count].CopyTo(rest);
            rest = rest[count..];
        }
    }

    /// <summary>Writes what <see cref="Group"/> gave in the order of the blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreByBlock<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, Span<T> destination)
        where T : unmanaged
    {
        ref T start = ref MemoryMarshal.GetReference(destination[..GroupSize]);
        if (Avx2.IsSupported)
        {
            Vector256<uint> ab0 = Avx2.UnpackLow(a.AsUInt32(), b.AsUInt32());   // a0 b0 a1 b1 | a4 b4 a5 b5
            Vector256<uint> ab1 = Avx2.UnpackHigh(a.AsUInt32(), b.AsUInt32());  // a2 b2 a3 b3 | a6 b6 a7 b7
            Vector256<uint> cd0 = Avx2.UnpackLow(c.AsUInt32(), d.AsUInt32());
            Vector256<uint> cd1 = Avx2.UnpackHigh(c.AsUInt32(), d.AsUInt32());
            Vector256<ulong> block04 = Avx2.UnpackLow(ab0.AsUInt64(), cd0.AsUInt64());
            Vector256<ulong> block15 = Avx2.UnpackHigh(ab0.AsUInt64(), cd0.AsUInt64());
            Vector256<ulong> block26 = Avx2.UnpackLow(ab1.AsUInt64(), cd1.AsUInt64());
            Vector256<ulong> block37 = Avx2.UnpackHigh(ab1.AsUInt64(), cd1.AsUInt64());
            Avx2.Permute2x128(block04, block15, 0x20).As<ulong, T>().StoreUnsafe(ref start);
            Avx2.Permute2x128(block26, block37, 0x20).As<ulong, T>().StoreUnsafe(ref start, 8);
            Avx2.Permute2x128(block04, block15, 0x31).As<ulong, T>().StoreUnsafe(ref start, 16);
            Avx2.Permute2x128(block26, block37, 0x31).As<ulong, T>().StoreUnsafe(ref start, 24);
            return;
        }

        for (int i = 0; i < GroupBlocks; i++)
        {
            destination[BlockSize * i] = a[i];
            destination[(BlockSize * i) + 1] = b[i];
            destination[(BlockSize * i) + 2] = c[i];
            destination[(BlockSize * i) + 3] = d[i];
        }
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood 2014): each bit put in changes each of the result by half.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<uint> A, Vector256<uint> B, Vector256<uint> C, Vector256<uint> D) GroupAvx2(uint firstBlock)
    {
        Vector256<uint> multiplier0 = Vector256.Create(Multiplier0);
        Vector256<uint> multiplier1 = Vector256.Create(Multiplier1);
        Vector256<uint> c0 = Vector256.Create(firstBlock) + Vector256<uint>.Indices;
        Vector256<uint> c1 = Vector256.Create(_minor);
        Vector256<uint> c2 = Vector256.Create(_majorLow);
        Vector256<uint> c3 = Vector256.Create(_majorHigh);
        Vector256<uint> key0 = Vector256.Create(_key0);
        Vector256<uint> key1 = Vector256.Create(_key1);
        for (int round = 0; round < Rounds; round++)
        {
            (Vector256<uint> high0, Vector256<uint> low0) = MultiplyWide(c0, multiplier0);
            (Vector256<uint> high1, Vector256<uint> low1) = MultiplyWide(c2, multiplier1);
            c0 = high1 ^ c1 ^ key0;
            c1 = low1;
            c2 = high0 ^ c3 ^ key1;
            c3 = low0;
            key0 += Vector256.Create(Weyl0);
            key1 += Vector256.Create(Weyl1);
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>Both halves of the 64-bit products of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> High, Vector256<uint> Low) MultiplyWide(Vector256<uint> value, Vector256<uint> multiplier)
    {
        const byte OddLanes = 0b10101010;
        Vector256<uint> even = Avx2.Multiply(value, multiplier).AsUInt32();
        Vector256<uint> odd = Avx2.Multiply(Avx2.ShiftRightLogical(value.AsUInt64(), 32).AsUInt32(), multiplier).AsUInt32();
        Vector256<uint> high = Avx2.Blend(Avx2.ShiftRightLogical(even.AsUInt64(), 32).AsUInt32(), odd, OddLanes);
        Vector256<uint> low = Avx2.Blend(even, Avx2.ShiftLeftLogical(odd.AsUInt64(), 32).AsUInt32(), OddLanes);
        return (high, low);
    }

    internal (Vector256<uint> A, Vector256<uint> B, Vector256<uint> C, Vector256<uint> D) GroupScalar(uint firstBlock)
    {
        Span<uint> lanes = stackalloc uint[GroupSize];
        for (int i = 0; i < GroupBlocks; i++)
        {
            (lanes[i], lanes[GroupBlocks + i], lanes[(2 * GroupBlocks) + i], lanes[(3 * GroupBlocks) + i]) =
                Block(unchecked(firstBlock + (uint)i));
        }

        return (
            Vector256.Create<uint>(lanes),
            Vector256.Create<uint>(lanes[GroupBlocks..]),
            Vector256.Create<uint>(lanes[(2 * GroupBlocks)..]),
            Vector256.Create<uint>(lanes[(3 * GroupBlocks)..]));
    }
}
