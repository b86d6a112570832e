using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchReductionTests
{
    private static readonly double[] Values = [3, -1, 2, 0.5, 4, -2];

    private static Tensor Matrix() => TorchTest.Doubles(Values, 2, 3);

    [Fact]
    public void Sums_and_means_take_all_or_the_named_dimensions()
    {
        using var scope = NewDisposeScope();
        var x = Matrix();

        TorchTest.Near([6.5], x.sum());
        TorchTest.Near([3.5, 3, 0], x.sum(0L));
        TorchTest.Near([4, 2.5], x.sum([1L], keepdim: true));
        Assert.Equal([2, 1], x.sum(1, keepdim: true).shape);
        TorchTest.Near([6.5], x.sum(0L, 1L));
        TorchTest.Near([6.5 / 6], x.mean());
        TorchTest.Near([4 / 3.0, 2.5 / 3], x.mean([1]));
        TorchTest.Near([24], x.abs().prod());
        TorchTest.Near([-6, -4], x.prod(1));
        Assert.Equal(ScalarType.Float32, x.sum(type: ScalarType.Float32).dtype);
        Assert.Equal(ScalarType.Int64, tensor(new[] { true, false, true }).sum().dtype);
    }

    [Fact]
    public void Variances_divide_by_one_less_unless_told_otherwise()
    {
        using var scope = NewDisposeScope();
        var x = Matrix();
        double Variance(int correction) => Values.Sum(v => Math.Pow(v - Values.Average(), 2)) / (6 - correction);

        TorchTest.Near([Variance(1)], x.var());
        TorchTest.Near([Variance(0)], x.var(false));
        TorchTest.Near([Math.Sqrt(Variance(1))], x.std());
        var row = Values[3..];
        TorchTest.Near([row.Sum(v => Math.Pow(v - row.Average(), 2)) / 2], x.var(1L)[1]);
        TorchTest.Near([Math.Sqrt(row.Sum(v => Math.Pow(v - row.Average(), 2)) / 3)], x.std(1, unbiased: false)[1]);
    }

    [Fact]
    public void Extremes_come_with_their_places()
    {
        using var scope = NewDisposeScope();
        var x = Matrix();
        var (largest, where) = x.max(1);

        TorchTest.Near([3, 4], largest);
        TorchTest.Near([0, 1], where);
        TorchTest.Near([-1, -2], x.min(1, keepdim: true).values);
        TorchTest.Near([4], x.max());
        TorchTest.Near([-2], x.min());
        TorchTest.Near([3, 4, 2], x.amax(0));
        TorchTest.Near([-1, -2], x.amin([1L]));
        TorchTest.Near([4], x.argmax());
        TorchTest.Near([1, 2], x.argmin(1));
        TorchTest.Near([3, 1, 2, 1, 4, 1], x.max(ones(1, ScalarType.Float64)));
        var (sorted, order) = x.sort(descending: true);
        TorchTest.Near([3, 2, -1, 4, 0.5, -2], sorted);
        TorchTest.Near([0, 2, 1, 1, 0, 2], order);
        var (best, places) = x.topk(2);
        TorchTest.Near([3, 2, 4, 0.5], best);
        TorchTest.Near([0, 2, 1, 0], places);
        TorchTest.Near([1, 2, 0, 2, 0, 1], x.argsort());
    }

    [Fact]
    public void Logarithms_of_sums_and_softmaxes_agree_with_their_definitions()
    {
        using var scope = NewDisposeScope();
        var x = Matrix();
        double[] sums = [Values[..3].Sum(Math.Exp), Values[3..].Sum(Math.Exp)];

        TorchTest.Near([.. sums.Select(s => Math.Log(s))], x.logsumexp(1));
        TorchTest.Near([.. Values.Select((v, i) => Math.Exp(v) / sums[i / 3])], x.softmax(1));
        TorchTest.Near([.. Values.Select((v, i) => v - Math.Log(sums[i / 3]))], nn.functional.log_softmax(x, 1));
        TorchTest.Near([3, 2, 4, 0.5, 4.5, 2.5], x.cumsum(1));
        TorchTest.Near([3, -3, -6, 0.5, 2, -4], x.cumprod(1));
        TorchTest.Near([Math.Sqrt(Values.Sum(v => v * v))], x.norm());
        TorchTest.Near([Values[..3].Sum(Math.Abs), Values[3..].Sum(Math.Abs)], x.norm(1, p: 1));
    }

    [Fact]
    public void Any_and_all_count_what_is_not_zero()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { true, false, true, true }, new long[] { 2, 2 });

        TorchTest.Near([1], x.any());
        TorchTest.Near([0], x.all());
        TorchTest.Near([0, 1], x.all(1));
        TorchTest.Near([1, 1], x.any(0));
        TorchTest.Near([3], x.count_nonzero());
        Assert.True(x.Equals(x.clone()));
        Assert.False(x.Equals(x.logical_not()));
        Assert.True(torch.allclose(Matrix(), Matrix() + 1e-12));
    }

    [Fact]
    public void Gradients_of_reductions_agree_with_central_differences()
    {
        using var scope = NewDisposeScope();
        var x = Matrix();
        var weights = TorchTest.Doubles([0.3, -1, 2]);
        foreach (var reduction in new Func<Tensor, Tensor>[]
        {
            t => t.mean([1L]).square(), t => t.var(0).exp(), t => t.std(1), t => t.logsumexp(1), t => t.softmax(1) * weights,
            t => t.log_softmax(0).exp() * weights, t => t.prod(1), t => t.amax([1L]).square(), t => t.max(1).values * 2, t => t.cumsum(1).square(),
            t => t.norm(), t => t.sum(0, keepdim: true).pow(3),
        })
        {
            TorchTest.GradientAgrees(reduction, x);
        }
    }
}
