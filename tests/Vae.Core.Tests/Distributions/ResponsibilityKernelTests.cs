namespace Vae.Core.Tests.Distributions;

public class ResponsibilityKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(500)]
    [InlineData(503)]
    public void Density_and_responsibilities_agree_with_their_formulas(int components)
    {
        Random random = new(components);
        double[] joint = [.. Enumerable.Range(0, components).Select(_ => (random.NextDouble() - 0.5) * 60)];
        double sum = joint.Sum(Math.Exp);
        double[] expected = [.. joint.Select(value => Math.Exp(value) / sum)];

        double density = ResponsibilityKernel.Normalize(joint);

        Assert.Equal(Math.Log(sum), density, 1e-12 * Math.Abs(Math.Log(sum)));
        Assert.All(joint.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-13 * (1 + pair.Second)));
        Assert.Equal(1, joint.Sum(), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(16)]
    public void Densities_far_beyond_the_range_of_exp_are_told_from_each_other(int nearest)
    {
        double[] joint = [.. Enumerable.Range(0, 17).Select(c => c == nearest ? -20_000.0 : -21_000 - c)];

        Assert.Equal(-20_000, ResponsibilityKernel.Normalize(joint), 1e-9);
        Assert.Equal(Enumerable.Range(0, 17).Select(c => c == nearest ? 1.0 : 0), joint);
    }

    [Fact]
    public void A_component_without_weight_has_no_responsibility()
    {
        double[] joint = [double.NegativeInfinity, .. Enumerable.Repeat(3.0, 9), double.NegativeInfinity];

        Assert.Equal(3 + Math.Log(9), ResponsibilityKernel.Normalize(joint), 1e-12);
        Assert.Equal(0, joint[0]);
        Assert.Equal(0, joint[^1]);
        Assert.All(joint[1..^1], share => Assert.Equal(1.0 / 9, share, 1e-15));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    public void A_density_that_is_not_a_number_is_not_hidden(int where)
    {
        double[] joint = [.. Enumerable.Range(0, 17).Select(c => c == where ? double.NaN : -100.0 * c)];

        Assert.True(double.IsNaN(ResponsibilityKernel.Normalize(joint)));
    }
}
