namespace Vae.Core.Tests.Evaluation;

public class LatentPathsTests
{
    private static readonly float[] From = [3, 0, 0];
    private static readonly float[] To = [0, 3, 0];

    [Fact]
    public void Both_paths_begin_and_end_at_the_given_latents()
    {
        foreach (float[][] path in new[] { LatentPaths.Linear(From, To, 5), LatentPaths.Slerp(From, To, 5) })
        {
            Assert.Equal(5, path.Length);
            AssertEqual(From, path[0]);
            AssertEqual(To, path[^1]);
        }
    }

    [Fact]
    public void The_middle_of_a_line_is_the_mean() => AssertEqual([1.5f, 1.5f, 0], LatentPaths.Linear(From, To, 3)[1]);

    [Fact]
    public void An_arc_between_latents_of_one_norm_keeps_the_norm() =>
        Assert.All(LatentPaths.Slerp(From, To, 7), point => Assert.Equal(3, Math.Sqrt(point.Sum(x => (double)x * x)), 5));

    [Fact]
    public void An_arc_has_equal_angles_between_its_points()
    {
        float[][] path = LatentPaths.Slerp(From, To, 4);

        Assert.Equal(Math.PI / 6, Math.Acos(path[1].Zip(path[2], (a, b) => (double)a * b).Sum() / 9), 5);
    }

    [Theory]
    [InlineData(2)]   // the same direction
    [InlineData(-1)]  // the opposite one
    [InlineData(0)]   // the origin
    public void Where_no_arc_is_defined_the_path_is_the_line(float factor)
    {
        float[] to = [3 * factor, 0, 0];

        Assert.Equal(LatentPaths.Linear(From, to, 4), LatentPaths.Slerp(From, to, 4));
    }

    private static void AssertEqual(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 5));
}
