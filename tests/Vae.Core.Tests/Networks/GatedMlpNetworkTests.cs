namespace Vae.Core.Tests.Networks;

public class GatedMlpNetworkTests
{
    [Fact]
    public void It_is_what_plain_arithmetic_makes_of_its_weights()
    {
        using DisposeScope scope = NewDisposeScope();
        using FeatureNetwork network = new GatedMlpConfiguration { Hidden = [4, 3] }.BuildRows(5);
        Dictionary<string, Tensor> state = network.state_dict();
        float[] input = [0.5f, -1, 2, 0.1f, -0.3f];

        double[] features = [.. input.Select(value => (double)value)];
        for (int layer = 0; layer < 2; layer++)
        {
            double[] h = Affine(features, state[$"layers.{layer}.h.weight"], state[$"layers.{layer}.h.bias"]);
            double[] g = Affine(features, state[$"layers.{layer}.g.weight"], state[$"layers.{layer}.g.bias"]);
            features = [.. h.Zip(g, (value, gate) => value / (1 + Math.Exp(-gate)))];
        }

        float[] output = network.forward(tensor(input, [1, 5])).data<float>().ToArray();
        Assert.Equal(3, output.Length);
        Assert.All(output.Zip(features), pair => Assert.Equal(pair.Second, pair.First, 5));
    }

    private static double[] Affine(double[] input, Tensor weight, Tensor bias)
    {
        float[] w = weight.detach().data<float>().ToArray();
        float[] b = bias.detach().data<float>().ToArray();
        return [.. b.Select((start, row) => start + input.Select((value, column) => value * w[(row * input.Length) + column]).Sum())];
    }
}
