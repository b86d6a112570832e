using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchAutogradTests
{
    [Fact]
    public void Gradients_gather_in_leaves_until_they_are_cleared()
    {
        using var scope = NewDisposeScope();
        var x = tensor(3.0, requires_grad: true);
        (x * x).backward();
        TorchTest.Near([6], x.grad!);
        (x * x).backward();
        TorchTest.Near([12], x.grad!);
        x.grad!.zero_();
        TorchTest.Near([0], x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
        x.grad = tensor(1.0);
        TorchTest.Near([1], x.grad!);
        Assert.True(x.is_leaf);
        Assert.False((x * 2).is_leaf);
    }

    [Fact]
    public void Nothing_is_recorded_where_gradients_are_off()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }

            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
        using (inference_mode())
        {
            Assert.False((x * 2).requires_grad);
        }

        Assert.True((x * 2).requires_grad);
        Assert.False((x * 2).detach().requires_grad);
    }

    [Fact]
    public void Gradients_come_for_given_outputs_inputs_and_weights()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Doubles([1, 2]).requires_grad_();
        var y = TorchTest.Doubles([3, 4]).requires_grad_();
        var gradients = autograd.grad([x * y], [x, y], [TorchTest.Doubles([1, 10])]);

        TorchTest.Near([3, 40], gradients[0]);
        TorchTest.Near([1, 20], gradients[1]);
        Assert.Null(x.grad);
        autograd.backward([x * y, x * x], [TorchTest.Doubles([1, 1]), TorchTest.Doubles([0, 1])]);
        TorchTest.Near([3, 8], x.grad!);
        (x * y).backward([TorchTest.Doubles([1, 1])], inputs: [y]);
        TorchTest.Near([3, 8], x.grad!);
        TorchTest.Near([2, 4], y.grad!);
    }

    [Fact]
    public void Second_derivatives_and_kept_graphs()
    {
        using var scope = NewDisposeScope();
        var x = tensor(2.0, requires_grad: true);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        TorchTest.Near([12], first);
        TorchTest.Near([12], autograd.grad([first], [x])[0]);

        var y = x * x;
        y.backward(retain_graph: true);
        y.backward();
        TorchTest.Near([8], x.grad!);
        Assert.ThrowsAny<Exception>(y.backward);
        var inner = x * 2;
        inner.retain_grad();
        inner.square().backward();
        TorchTest.Near([8], inner.grad!);
    }

    [Fact]
    public void A_chain_of_layers_agrees_with_central_differences()
    {
        using var scope = NewDisposeScope();
        var weight = TorchTest.Uniform(-0.5, 0.5, 4, 6);
        var target = TorchTest.Uniform(0, 1, 3, 4);
        foreach (var function in new Func<Tensor, Tensor>[]
        {
            x => nn.functional.binary_cross_entropy_with_logits(nn.functional.linear(x, weight), target, reduction: nn.Reduction.Sum),
            x => nn.functional.binary_cross_entropy(nn.functional.linear(x, weight).sigmoid(), target),
            x => nn.functional.mse_loss(nn.functional.linear(x, weight).tanh(), target, nn.Reduction.None),
            x => nn.functional.layer_norm(x, [6]).square() * x,
            x => nn.functional.group_norm(x.view(3, 6, 1), 2).pow(3),
            x => nn.functional.softmax(x, 1).log(),
        })
        {
            TorchTest.GradientAgrees(function, TorchTest.Uniform(-1, 1, 3, 6));
        }
    }
}
