using System.Runtime.InteropServices;

namespace Vae.Core.Tests.Runs;

public class SafetensorsValuesTests
{
    private const int Length = 77;

    private static long First<T>(SafetensorsType type, params T[] values)
        where T : unmanaged => type.FirstNonFinite(MemoryMarshal.AsBytes<T>(values));

    private static void FoundEverywhere<T>(SafetensorsType type, T[] finite, T[] notFinite)
        where T : unmanaged
    {
        T[] values = [.. Enumerable.Range(0, Length).Select(i => finite[i % finite.Length])];
        Assert.Equal(-1, First(type, values));
        foreach (T bad in notFinite)
        {
            for (int place = 0; place < Length; place++)
            {
                T[] spoilt = [.. values];
                spoilt[place] = bad;
                spoilt[^1] = place % 2 == 0 ? bad : spoilt[^1];
                Assert.Equal(place, First(type, spoilt));
            }
        }
    }

    [Fact]
    public void The_first_value_that_is_not_finite_is_found_wherever_it_is()
    {
        FoundEverywhere<double>(
            SafetensorsType.F64,
            [0, -0.0, 1.5, double.MaxValue, double.MinValue, double.Epsilon],
            [double.NaN, double.PositiveInfinity, double.NegativeInfinity]);
        FoundEverywhere<float>(
            SafetensorsType.F32,
            [0, -0.0f, 1.5f, float.MaxValue, float.MinValue, float.Epsilon],
            [float.NaN, float.PositiveInfinity, float.NegativeInfinity]);
        FoundEverywhere<Half>(
            SafetensorsType.F16,
            [(Half)0, (Half)1.5, Half.MaxValue, Half.MinValue, Half.Epsilon],
            [Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity]);
        FoundEverywhere<ushort>(SafetensorsType.BF16, [0, 0x8000, 0x3FC0, 0x7F7F, 0xFF7F, 1], [0x7FC0, 0x7F80, 0xFF80, 0x7F81]);
    }

    [Theory]
    [InlineData(SafetensorsType.I64)]
    [InlineData(SafetensorsType.I32)]
    [InlineData(SafetensorsType.I16)]
    [InlineData(SafetensorsType.I8)]
    [InlineData(SafetensorsType.U8)]
    [InlineData(SafetensorsType.Bool)]
    public void Integers_are_finite_whatever_their_bits(SafetensorsType type) =>
        Assert.Equal(-1, First(type, ulong.MaxValue, 0x7FF0_0000_0000_0000UL));

    [Fact]
    public void Nothing_is_finite() => Assert.Equal(-1, First<float>(SafetensorsType.F32));

    [Fact]
    public void A_file_with_such_a_value_is_refused_with_tensor_and_element()
    {
        float[] values = [1, 2, float.NaN, 3];
        byte[] bytes = MemoryMarshal.AsBytes<float>(values).ToArray();
        SafetensorsFile file = SafetensorsBytes.Read(SafetensorsBytes.Write(
            [new("a.weight", SafetensorsType.F32, [1], new byte[4]), new("b.bias", SafetensorsType.F32, [2, 2], bytes)]));

        VaeException refusal = Assert.Throws<VaeException>(file.CheckFinite);

        Assert.Equal((FailureKind.BadData, "FILE: tensor \"b.bias\": element 2 is not a finite number"), (refusal.Kind, refusal.Message));
    }

    [Fact]
    public void A_file_of_finite_values_passes()
    {
        byte[] bytes = SafetensorsBytes.Write(
            [new("a", SafetensorsType.F32, [1], new byte[4]), new("b", SafetensorsType.I32, [1], new byte[] { 255, 255, 255, 255 })]);

        Assert.Null(Record.Exception(SafetensorsBytes.Read(bytes).CheckFinite));
    }
}
