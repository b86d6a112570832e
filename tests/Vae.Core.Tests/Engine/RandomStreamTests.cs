using System.Runtime.Intrinsics;

namespace Vae.Core.Tests.Engine;

public class RandomStreamTests
{
    private static readonly RandomStream Stream = new(1, RandomPurpose.PosteriorNoise);

    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(
        0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu,
        0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u,
        0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_known_answers(
        uint c0, uint c1, uint c2, uint c3, uint key0, uint key1, uint a, uint b, uint c, uint d)
    {
        Philox generator = new Philox(key0, key1, (long)(((ulong)c3 << 32) | c2), c1);
        Assert.Equal((a, b, c, d), generator.Block(c0));

        (Vector256<uint> va, Vector256<uint> vb, Vector256<uint> vc, Vector256<uint> vd) = generator.Group(c0);
        Assert.Equal((a, b, c, d), (va[0], vb[0], vc[0], vd[0]));
    }

    [Fact]
    public void The_vector_path_equals_the_scalar_path()
    {
        for (uint first = uint.MaxValue - 20; first != 100; first++)
        {
            Philox generator = new Philox(Stream, 0x123456789ABCDEF, first);
            Assert.Equal(generator.GroupScalar(first), generator.Group(first));
        }
    }

    [Fact]
    public void Bits_come_in_the_order_of_the_blocks()
    {
        uint[] bits = new uint[77];
        Stream.UniformBits(5, 9, bits);
        Philox generator = new Philox(Stream, 5, 9);
        for (int i = 0; i < bits.Length; i++)
        {
            (uint a, uint b, uint c, uint d) = generator.Block((uint)i / 4);
            Assert.Equal(new[] { a, b, c, d }[i % 4], bits[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void The_first_values_do_not_depend_on_how_many_are_drawn(int count)
    {
        Assert.Equal(Uniform(100)[..count], Uniform(count));
        Assert.Equal(Normal(100)[..count], Normal(count));
    }

    [Fact]
    public void The_values_are_the_same_on_every_machine()
    {
        uint[] bits = new uint[2];
        Stream.UniformBits(3, 4, bits);
        float[] uniform = Uniform(2);
        int[] normal = Array.ConvertAll(Normal(4), BitConverter.SingleToInt32Bits);
        Assert.Equal(
            (Stream.Bits64(3, 4), uniform[0], uniform[1]),
            (((ulong)bits[1] << 32) | bits[0], (bits[0] >> 8) / 16777216f, (bits[1] >> 8) / 16777216f));
        Assert.Equal([3524006117u, 2859617560u], bits);
        Assert.Equal([-1096644095, -1089796667, -1089043730, 1058160433], normal);
    }

    [Fact]
    public void Seed_purpose_major_and_minor_each_give_other_numbers()
    {
        ulong[] numbers =
        [
            Stream.Bits64(0, 0),
            Stream.Bits64(1, 0),
            Stream.Bits64(1L << 32, 0),
            Stream.Bits64(-1, 0),
            Stream.Bits64(0, 1),
            (Stream with { Seed = 2 }).Bits64(0, 0),
            (Stream with { Seed = 1UL << 40 }).Bits64(0, 0),
            (Stream with { Purpose = RandomPurpose.PriorSample }).Bits64(0, 0),
        ];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    [Fact]
    public void No_two_seeds_share_the_numbers_of_different_purposes()
    {
        HashSet<ulong> numbers = new HashSet<ulong>();
        foreach (RandomPurpose purpose in Enum.GetValues<RandomPurpose>())
        {
            for (ulong seed = 0; seed < 1000; seed++)
            {
                Assert.True(numbers.Add(new RandomStream(seed, purpose).Bits64(0, 0)));
            }
        }
    }

    [Fact]
    public void Uniform_numbers_lie_in_the_unit_interval_with_its_moments()
    {
        float[] values = Uniform(1 << 18);
        Assert.All(values.Chunk(1 << 12), chunk => Assert.True(chunk.Min() >= 0 && chunk.Max() < 1));
        AssertMoment(0.5, 1 / 12.0, values, x => x);
        AssertMoment(1 / 3.0, 4 / 45.0, values, x => x * x);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_and_tails_of_the_standard_normal()
    {
        float[] values = Normal(1 << 20);
        AssertMoment(0, 1, values, x => x);
        AssertMoment(1, 2, values, x => x * x);
        AssertMoment(0, 15, values, x => x * x * x);
        AssertMoment(3, 96, values, x => x * x * x * x);
        AssertMoment(0.0026998, 0.0026998, values, x => Math.Abs(x) > 3 ? 1 : 0);
        AssertMoment(0.3829249, 0.2362934, values, x => Math.Abs(x) < 0.5 ? 1 : 0);
        Assert.DoesNotContain(values, value => !float.IsFinite(value) || Math.Abs(value) > 6.6f);
    }

    [Fact]
    public void Neighbouring_normal_numbers_and_neighbouring_streams_are_uncorrelated()
    {
        float[] values = Normal(1 << 16);
        for (int lag = 1; lag <= 8; lag++)
        {
            AssertMoment(0, 1, [.. values.Skip(lag).Zip(values, (x, y) => x * y)], x => x);
        }

        float[] other = new float[values.Length];
        Stream.Normal(3, 5, other);
        AssertMoment(0, 1, [.. other.Zip(values, (x, y) => x * y)], x => x);
        Stream.Normal(4, 4, other);
        AssertMoment(0, 1, [.. other.Zip(values, (x, y) => x * y)], x => x);
    }

    [Fact]
    public void Extreme_bits_give_finite_normal_numbers()
    {
        foreach (uint bits in new uint[] { 0, 1, 2, 0x7FFFFFFF, 0x80000000, uint.MaxValue - 1, uint.MaxValue })
        {
            uint[] angles = [0, 0x1FFFFFFF, 0x20000000, 0x40000000, 0x80000000, 0xC0000000, 0xDFFFFFFF, 0xE0000000, uint.MaxValue];
            foreach (uint angle in angles)
            {
                (Vector256<float> first, Vector256<float> second) = BoxMuller.Transform(Vector256.Create(bits), Vector256.Create(angle));
                double radius = Math.Sqrt(-2 * Math.Log(((bits >> 1) + 1.0) / (1u << 31)));
                double turns = angle / 4294967296.0;
                Assert.Equal(radius * Math.Cos(2 * Math.PI * turns), first[0], 3e-6);
                Assert.Equal(radius * Math.Sin(2 * Math.PI * turns), second[0], 3e-6);
            }
        }
    }

    [Fact]
    public void Logarithm_sine_and_cosine_are_accurate_to_single_precision()
    {
        RandomSequence random = Stream.Sequence(0, 0);
        for (int i = 0; i < 20_000; i++)
        {
            float x = (float)Math.Exp(-21 * random.NextDouble());
            Assert.Equal(Math.Log(x), BoxMuller.Log(Vector256.Create(x))[0], 2e-7 * Math.Max(1, Math.Abs(Math.Log(x))));

            uint angle = random.NextBits();
            (Vector256<float> sine, Vector256<float> cosine) = BoxMuller.SinCosTurns(Vector256.Create(angle));
            Assert.Equal(Math.Sin(2 * Math.PI * (angle / 4294967296.0)), sine[0], 2e-7);
            Assert.Equal(Math.Cos(2 * Math.PI * (angle / 4294967296.0)), cosine[0], 2e-7);
        }
    }

    [Fact]
    public void A_sequence_draws_the_numbers_of_its_stream_in_order()
    {
        uint[] bits = new uint[1000];
        Stream.UniformBits(7, 8, bits);
        RandomSequence sequence = Stream.Sequence(7, 8);
        Assert.Equal(bits, Enumerable.Range(0, bits.Length).Select(_ => sequence.NextBits()));
    }

    [Fact]
    public void Bounded_integers_are_equally_likely()
    {
        RandomSequence sequence = Stream.Sequence(0, 1);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[sequence.NextBelow(7)]++;
        }

        double chiSquare = counts.Sum(count => (count - 10_000.0) * (count - 10_000.0) / 10_000);
        Assert.True(chiSquare < 27.9, $"chi-square with 6 degrees of freedom is {chiSquare}"); // p = 1e-4
        Assert.Equal(0, sequence.NextBelow(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.NextBelow(0));
    }

    [Fact]
    public void Bounds_near_the_largest_integer_reject_the_surplus()
    {
        RandomSequence sequence = Stream.Sequence(0, 2);
        const int Bound = (int.MaxValue / 3 * 2) + 1;
        long sum = 0;
        for (int i = 0; i < 10_000; i++)
        {
            int value = sequence.NextBelow(Bound);
            Assert.InRange(value, 0, Bound - 1);
            sum += value;
        }

        Assert.Equal(0.5, sum / 10_000.0 / Bound, 4 / Math.Sqrt(12 * 10_000));
    }

    private static float[] Uniform(int count)
    {
        float[] values = new float[count];
        Stream.Uniform(3, 4, values);
        return values;
    }

    private static float[] Normal(int count)
    {
        float[] values = new float[count];
        Stream.Normal(3, 4, values);
        return values;
    }

    /// <summary>The mean of f lies within 4.5 standard errors of what it should be.</summary>
    private static void AssertMoment(double expected, double variance, float[] values, Func<double, double> f)
    {
        double mean = values.Average(value => f(value));
        Assert.Equal(expected, mean, 4.5 * Math.Sqrt(variance / values.Length));
    }
}
