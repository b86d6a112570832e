namespace Vae.Cli.Tests;

/// <summary>Reads the arrays that verbs write.</summary>
internal static class Arrays
{
    public static float[] Floats(string path, string name, params long[] shape)
    {
        using NpzReader archive = NpzReader.Open(path);
        NpyArray array = archive.Read(name);
        Assert.Equal(shape, array.Shape);
        return array.Values<float>();
    }

    public static long[] Integers(string path, string name, params long[] shape)
    {
        using NpzReader archive = NpzReader.Open(path);
        NpyArray array = archive.Read(name);
        Assert.Equal(shape, array.Shape);
        return array.Values<long>();
    }

    public static string[] Names(string path)
    {
        using NpzReader archive = NpzReader.Open(path);
        return [.. archive.Names];
    }

    /// <summary>Equal but for rounding: the same numbers through batches of other sizes.</summary>
    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance = 1e-4f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"value {i}: {expected[i]} and {actual[i]}");
        }
    }
}
