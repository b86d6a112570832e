using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchLayerTests
{
    [Fact]
    public void A_dense_layer_multiplies_and_adds_and_starts_within_its_bounds()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(400, 100);
        var bound = 1 / Math.Sqrt(400);

        Assert.Equal([100, 400], layer.weight!.shape);
        Assert.InRange(layer.weight.abs().max().ToDouble(), 0.95 * bound, bound);
        Assert.InRange(layer.bias!.abs().max().ToDouble(), 0.9 * bound, bound);
        var x = randn(3, 400);
        Assert.True(layer.call(x).allclose(x.matmul(layer.weight.t()) + layer.bias, 1e-4, 1e-5));
        using var plain = nn.Linear(2, 3, hasBias: false, dtype: ScalarType.Float64);
        Assert.Null(plain.bias);
    }

    [Fact]
    public void Convolutions_agree_with_sums_over_their_windows()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Uniform(-1, 1, 2, 2, 5, 5);
        using var layer = nn.Conv2d(2, 3, 3, stride: 2, padding: 1, dtype: ScalarType.Float64);
        var (input, weight, bias) = (TorchTest.Elements(x), TorchTest.Elements(layer.weight!), TorchTest.Elements(layer.bias!));
        double At(int n, int c, int row, int column) =>
            row is < 0 or > 4 || column is < 0 or > 4 ? 0 : input[(((n * 2) + c) * 25) + (row * 5) + column];
        var expected =
            from n in Enumerable.Range(0, 2)
            from o in Enumerable.Range(0, 3)
            from row in Enumerable.Range(0, 3)
            from column in Enumerable.Range(0, 3)
            select bias[o] + Enumerable.Range(0, 18).Sum(
                k => weight[(o * 18) + k] * At(n, k / 9, (row * 2) - 1 + (k % 9 / 3), (column * 2) - 1 + (k % 3)));

        TorchTest.Near([.. expected], layer.call(x));
        using var same = nn.Conv2d(2, 4, 3, Padding.Same);
        Assert.Equal([1, 4, 6, 6], same.call(ones(1, 2, 6, 6)).shape);
    }

    [Fact]
    public void A_transposed_convolution_is_the_gradient_of_the_convolution()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.ConvTranspose2d(3, 2, 4, stride: 2, padding: 1, dtype: ScalarType.Float64);
        var y = TorchTest.Uniform(-1, 1, 1, 3, 4, 4);
        var x = zeros([1, 2, 8, 8], ScalarType.Float64, requires_grad: true);
        var forward = nn.functional.conv2d(x, layer.weight!, null, [2, 2], [1, 1]);
        var gradient = autograd.grad([forward], [x], [y])[0];

        Assert.Equal([3, 2, 4, 4], layer.weight!.shape);
        TorchTest.Near(TorchTest.Elements(gradient + layer.bias!.view(1, 2, 1, 1)), layer.call(y));
        using var wider = nn.ConvTranspose2d(3, 2, 3, stride: 2, padding: 1, output_padding: 1);
        Assert.Equal([1, 2, 8, 8], wider.call(ones(1, 3, 4, 4)).shape);
    }

    /// <summary>The shim has its own way to them in float32, and leaves float64 to the library.</summary>
    [Theory]
    [InlineData(3, 2, 4, 2, 1, 0, 1, 1, true)]
    [InlineData(3, 2, 3, 2, 1, 1, 1, 1, true)]
    [InlineData(4, 6, 3, 3, 0, 2, 1, 2, true)]
    [InlineData(1, 1, 3, 1, 1, 0, 1, 1, false)]
    [InlineData(2, 3, 3, 2, 2, 0, 2, 1, true)]
    public void Transposed_convolutions_of_float32_have_the_values_and_gradients_of_float64(
        long input, long output, long kernel, long stride, long padding, long more, long dilation, long groups, bool bias)
    {
        using var scope = NewDisposeScope();
        using var layer = nn.ConvTranspose2d(input, output, kernel, stride, padding, more, dilation, groups: groups, bias: bias);
        using var exact = nn.ConvTranspose2d(
            input, output, kernel, stride, padding, more, dilation, groups: groups, bias: bias, dtype: ScalarType.Float64);
        exact.load_state_dict(layer.state_dict());
        var x = TorchTest.Uniform(-1, 1, 5, input, 6, 7);
        var (wantedOutput, wanted) = Gradients(exact, x);
        var (foundOutput, found) = Gradients(layer, x.to_type(ScalarType.Float32));

        Assert.Equal(wantedOutput.shape, foundOutput.shape);
        TorchTest.Near(TorchTest.Elements(wantedOutput), foundOutput.to_type(ScalarType.Float64), 1e-5);
        Assert.Equal(bias ? 3 : 2, wanted.Length);
        for (var i = 0; i < wanted.Length; i++)
        {
            TorchTest.Near(TorchTest.Elements(wanted[i]), found[i].to_type(ScalarType.Float64), 1e-3);
        }

        using (no_grad())
        {
            Assert.Equal(TorchTest.Elements(foundOutput), TorchTest.Elements(layer.call(x.to_type(ScalarType.Float32))));
        }

        static (Tensor Output, Tensor[] Gradients) Gradients(TorchSharp.Modules.ConvTranspose2d layer, Tensor x)
        {
            var leaf = x.detach().clone().requires_grad_();
            var output = layer.call(leaf);
            (output * (output + 0.5)).sum().backward();
            return (output, [leaf.grad!, .. layer.parameters().Select(parameter => parameter.grad!)]);
        }
    }

    [Fact]
    public void Batch_normalization_uses_the_batch_in_training_and_its_memory_afterwards()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.BatchNorm1d(2, momentum: 0.5, dtype: ScalarType.Float64);
        var x = TorchTest.Doubles([1, 10, 3, 20], 2, 2);

        TorchTest.Near([-1, -1, 1, 1], layer.call(x), 1e-4);
        var state = layer.state_dict();
        TorchTest.Near([1, 7.5], state["running_mean"]);
        TorchTest.Near([1.5, 25.5], state["running_var"]);
        TorchTest.Near([1], state["num_batches_tracked"]);
        layer.eval();
        TorchTest.Near([0, 2.5 / Math.Sqrt(25.5), 2 / Math.Sqrt(1.5), 12.5 / Math.Sqrt(25.5)], layer.call(x), 1e-4);
        TorchTest.Near([1], state["num_batches_tracked"]);
        using var images = nn.BatchNorm2d(3);
        Assert.Equal([2, 3, 4, 4], images.call(randn(2, 3, 4, 4)).shape);
        Assert.ThrowsAny<Exception>(() => images.call(randn(2, 3)));
    }

    [Fact]
    public void Layer_and_group_normalization_agree_with_their_definitions()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Uniform(-2, 2, 3, 4);
        using var layer = nn.LayerNorm(4, dtype: ScalarType.Float64);
        using var groups = nn.GroupNorm(2, 4, dtype: ScalarType.Float64);
        Tensor Normal(Tensor t) => (t - t.mean([-1L], true)) / (t.var(-1, unbiased: false, keepdim: true) + 1e-5).sqrt();

        TorchTest.Near(TorchTest.Elements(Normal(x)), layer.call(x));
        TorchTest.Near(TorchTest.Elements(Normal(x.view(3, 2, 2)).view(3, 4)), groups.call(x));
        Assert.Equal(["weight", "bias"], layer.named_parameters().Select(named => named.name));
    }

    [Fact]
    public void Layers_without_parameters_compute_as_the_functions_do()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Uniform(-2, 2, 2, 3);
        void Same(nn.Module<Tensor, Tensor> layer, Tensor expected) => TorchTest.Near(TorchTest.Elements(expected), layer.call(x.clone()));

        Same(nn.ReLU(), x.relu());
        Same(nn.ReLU(inplace: true), x.relu());
        Same(nn.LeakyReLU(0.3), nn.functional.leaky_relu(x, 0.3));
        Same(nn.ELU(0.7), nn.functional.elu(x, 0.7));
        Same(nn.SiLU(), x * x.sigmoid());
        Same(nn.GELU(), nn.functional.gelu(x));
        Same(nn.Tanh(), x.tanh());
        Same(nn.Sigmoid(), x.sigmoid());
        Same(nn.Softplus(), x.softplus());
        Same(nn.Identity(), x);
        Assert.Equal([2, 12], nn.Flatten().call(ones(2, 3, 4)).shape);
        Assert.Equal([2, 3, 2, 2], nn.Unflatten(1, [3, 2, 2]).call(ones(2, 12)).shape);
    }

    [Fact]
    public void Dropout_keeps_the_mean_in_training_and_everything_afterwards()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Dropout(0.25);
        var x = ones(40_000);
        var y = layer.call(x);

        Assert.Equal(0.25, (y == 0).to_type(ScalarType.Float64).mean().ToDouble(), 0.02);
        Assert.Equal(1 / 0.75, y.max().ToDouble(), 1e-5);
        layer.eval();
        Assert.True(layer.call(x).Equals(x));
    }

    [Fact]
    public void Images_are_enlarged_pooled_and_padded()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Doubles([1, 2, 3, 4], 1, 1, 2, 2);

        TorchTest.Near([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], nn.Upsample(scale_factor: [2, 2]).call(x));
        TorchTest.Near([1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4], nn.functional.interpolate(x, [3, 3], mode: InterpolationMode.Bilinear, align_corners: true));
        TorchTest.Near([2.5], nn.AvgPool2d(2).call(x));
        TorchTest.Near([2.5], nn.functional.avg_pool2d(x, [2, 2]));
        TorchTest.Near([0, 1, 2, 0, 3, 4], nn.functional.pad(x, [1, 0]));
        Assert.Equal([1, 1, 4, 4], nn.functional.pad(x, (1, 1, 1, 1), PaddingModes.Replicate).shape);
    }

    [Fact]
    public void Losses_agree_with_their_definitions()
    {
        using var scope = NewDisposeScope();
        var logits = TorchTest.Uniform(-2, 2, 2, 3);
        var target = TorchTest.Uniform(0, 1, 2, 3);
        var entropy = logits.softplus() - (target * logits);
        Tensor WithLogits(nn.Reduction reduction) => nn.functional.binary_cross_entropy_with_logits(logits, target, reduction: reduction);

        TorchTest.Near(TorchTest.Elements(entropy), WithLogits(nn.Reduction.None));
        TorchTest.Near(TorchTest.Elements(entropy.sum()), WithLogits(nn.Reduction.Sum));
        TorchTest.Near(TorchTest.Elements(entropy.mean()), WithLogits(nn.Reduction.Mean));
        TorchTest.Near(TorchTest.Elements(entropy.mean()), nn.functional.binary_cross_entropy(logits.sigmoid(), target));
        TorchTest.Near(TorchTest.Elements((logits - target).square().mean()), nn.functional.mse_loss(logits, target));
    }

    [Fact]
    public void Starting_values_have_the_spread_their_names_promise()
    {
        using var scope = NewDisposeScope();
        var weight = empty(200, 300);
        void Spread(Tensor tensor, double deviation) => Assert.Equal(deviation, tensor.std().ToDouble(), 0.03 * deviation);

        Spread(nn.init.kaiming_normal_(weight, nonlinearity: nn.init.NonlinearityType.ReLU), Math.Sqrt(2.0 / 300));
        Spread(nn.init.kaiming_uniform_(weight, Math.Sqrt(5)), 1 / Math.Sqrt(3 * 300));
        Spread(nn.init.kaiming_normal_(weight, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.Tanh), 5 / 3.0 / Math.Sqrt(200));
        Spread(nn.init.xavier_normal_(weight), Math.Sqrt(2.0 / 500));
        Spread(nn.init.xavier_uniform_(weight, 2), 2 * Math.Sqrt(2.0 / 500));
        Spread(nn.init.normal_(weight, 1, 0.5), 0.5);
        Spread(nn.init.uniform_(weight, -1, 1), 1 / Math.Sqrt(3));
        TorchTest.Near([3, 3], nn.init.constant_(empty(2), 3));
        TorchTest.Near([1, 0], torch.cat([nn.init.ones_(empty(1)), nn.init.zeros_(empty(1))]));
        var rows = nn.init.orthogonal_(empty(3, 5, ScalarType.Float64), 2);
        TorchTest.Near([4, 0, 0, 0, 4, 0, 0, 0, 4], rows.matmul(rows.t()));
        Assert.Equal((45, 18), nn.init.CalculateFanInAndFanOut(empty(2, 5, 3, 3)));
    }
}
