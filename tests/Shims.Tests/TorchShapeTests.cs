using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchShapeTests
{
    /// <summary>0, 1, 2, ... in the given shape.</summary>
    private static Tensor Count(params long[] shape) =>
        arange(shape.Aggregate(1L, (a, b) => a * b), dtype: ScalarType.Float64).reshape(shape);

    [Fact]
    public void Views_share_their_memory_and_copies_do_not()
    {
        using var scope = NewDisposeScope();
        var x = Count(2, 3);
        var view = x.view(3, 2);
        var copy = x.clone();
        view[0, 0] = 9;

        Assert.Equal(9, x[0, 0].ToDouble());
        Assert.Equal(0, copy[0, 0].ToDouble());
        Assert.Equal([3, 2], view.shape);
        Assert.Equal([2, 1], view.stride());
        Assert.Equal([6], x.flatten().shape);
        Assert.Equal([3, 2], x.view_as(view).shape);
        Assert.Equal([2, 3, 1], x.unflatten(1, 3, 1).shape);
    }

    [Fact]
    public void Dimensions_are_added_taken_away_and_spread()
    {
        using var scope = NewDisposeScope();
        var x = Count(2, 1, 3);

        Assert.Equal([1, 2, 1, 3], x.unsqueeze(0).shape);
        Assert.Equal([2, 3], x.squeeze().shape);
        Assert.Equal([2, 3], x.squeeze(1).shape);
        Assert.Equal([2, 4, 3], x.expand(-1, 4, -1).shape);
        Assert.Equal([2, 4, 3], x.expand_as(zeros(2, 4, 3)).shape);
        TorchTest.Near([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5], x.repeat(1, 2, 1));
        TorchTest.Near([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5], x.repeat_interleave(2, dim: 0));
        TorchTest.Near([0, 0, 1, 1], Count(2).repeat_interleave(2));
        TorchTest.Near([0, 1, 2, 0, 1, 2], Count(3).broadcast_to(2, 3));
    }

    [Fact]
    public void Dimensions_change_places()
    {
        using var scope = NewDisposeScope();
        var x = Count(2, 3);

        TorchTest.Near([0, 3, 1, 4, 2, 5], x.t());
        TorchTest.Near([0, 3, 1, 4, 2, 5], x.T);
        TorchTest.Near([0, 3, 1, 4, 2, 5], x.transpose(0, 1).contiguous());
        Assert.False(x.t().is_contiguous());
        Assert.Equal([4, 2, 3], Count(2, 3, 4).permute(2, 0, 1).shape);
        Assert.Equal([2, 4, 3], Count(2, 3, 4).mT.shape);
        TorchTest.Near([3, 4, 5, 0, 1, 2], x.flip(0));
        TorchTest.Near([2, 0, 1, 5, 3, 4], x.roll(1, 1));
        TorchTest.Near([0, 0, 0, 3, 4, 0], x.tril());
        TorchTest.Near([0, 1, 2, 0, 4, 5], x.triu());
        TorchTest.Near([0, 4], x.diag());
        TorchTest.Near([1, 0, 0, 2], TorchTest.Doubles([1, 2]).diag_embed());
        TorchTest.Near([4], x.trace());
    }

    [Fact]
    public void Parts_are_cut_out_and_joined()
    {
        using var scope = NewDisposeScope();
        var x = Count(4, 2);

        TorchTest.Near([2, 3, 4, 5], x.narrow(0, 1, 2));
        TorchTest.Near([2, 3, 6, 7], x.slice(0, 1, 4, 2));
        TorchTest.Near([1, 3, 5, 7], x.select(1, 1));
        Assert.Equal([2, 2], x.chunk(2).Select(part => part.shape[0]));
        Assert.Equal([3, 1], x.split(3).Select(part => part.shape[0]));
        Assert.Equal([1, 3], x.split(new long[] { 1, 3 }, 0L).Select(part => part.shape[0]));
        Assert.Equal(2, x.unbind(1).Length);
        TorchTest.Near(TorchTest.Elements(x), torch.cat(x.chunk(2), 0));
        TorchTest.Near(TorchTest.Elements(x), torch.stack(x.unbind(1), 1));
    }

    [Fact]
    public void Elements_are_gathered_and_scattered_by_index()
    {
        using var scope = NewDisposeScope();
        var x = Count(2, 3);
        var index = tensor(new long[,] { { 2, 0 }, { 1, 1 } });

        TorchTest.Near([2, 0, 4, 4], x.gather(1, index));
        TorchTest.Near([2, 1, 5, 4], x.index_select(1, tensor(new long[] { 2, 1 })));
        TorchTest.Near([7, 0, 7, 0, 7, 0], zeros(2, 3, ScalarType.Float64).scatter_(1, index, full([2, 2], 7.0, ScalarType.Float64)));
        TorchTest.Near([1, 0, 1, 0, 2, 0], zeros(2, 3, ScalarType.Float64).scatter_add_(1, index, ones(2, 2, ScalarType.Float64)));
        TorchTest.Near([0, 1, 2, -1, -1, -1], x.masked_fill(x > 2, -1));
        TorchTest.Near([3, 4, 5], x.masked_select(x > 2));
        TorchTest.Near([0, 1, 1, 1, 1, 1], torch.where(x > 1, ones_like(x), x));
        TorchTest.Near([1, 2], torch.nonzero(x == 5));
        TorchTest.Near([0, 1, 0, 1, 0, 0], nn.functional.one_hot(tensor(new long[] { 1, 0 }), 3));
    }

    [Fact]
    public void Indexing_reads_as_in_python()
    {
        using var scope = NewDisposeScope();
        var x = Count(3, 4);

        Assert.Equal(6, x[1, 2].ToDouble());
        TorchTest.Near([4, 5, 6, 7], x[1]);
        TorchTest.Near([8, 9, 10, 11], x[-1]);
        TorchTest.Near([1, 5, 9], x[TensorIndex.Colon, 1]);
        TorchTest.Near([3, 7, 11], x[TensorIndex.Ellipsis, -1]);
        TorchTest.Near([4, 5, 6, 7, 8, 9, 10, 11], x[1..]);
        TorchTest.Near([1, 3], x[0, TensorIndex.Slice(1, null, 2)]);
        Assert.Equal([1, 3, 4], x[TensorIndex.None].shape);
        TorchTest.Near([9, 10, 11], x[x > 8]);
        TorchTest.Near([0, 1, 2, 3, 8, 9, 10, 11], x[tensor(new long[] { 0, 2 })]);
        TorchTest.Near([1, 11], x[tensor(new long[] { 0, 2 }), tensor(new long[] { 1, 3 })]);
        TorchTest.Near([2, 10], x[TensorIndex.Tensor(tensor(new long[] { 0, 2 })), 2]);
        Assert.Equal([2], Count(2, 3, 4)[TensorIndex.Colon, 1, 2].shape);
    }

    [Fact]
    public void Indexing_writes_in_place()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3, ScalarType.Float64);
        x[0] = TorchTest.Doubles([1, 2, 3]);
        x[1, 2] = 5;
        x[TensorIndex.Colon, 0] = 7;
        x[x == 2] = -1;

        TorchTest.Near([7, -1, 3, 7, 0, 5], x);
    }

    [Fact]
    public void Gradients_flow_through_shapes_and_indices()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Uniform(-1, 1, 2, 3);
        var index = tensor(new long[,] { { 2, 0 }, { 1, 1 } });
        foreach (var function in new Func<Tensor, Tensor>[]
        {
            t => t.view(3, 2).square(), t => t.t().exp(), t => t.unsqueeze(0).expand(4, 2, 3).pow(3), t => t.gather(1, index).square(),
            t => torch.cat([t, t.square()], 1).pow(2), t => torch.stack([t, t * 2]).square(), t => t[1..].square(), t => t[0, 1].exp(),
            t => t.narrow(1, 1, 2).exp(), t => t.repeat(2, 2).square(), t => t.masked_fill(t > 0, 3).square(), t => t.flip(1).cumsum(1).square(),
        })
        {
            TorchTest.GradientAgrees(function, x);
        }
    }
}
