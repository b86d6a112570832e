using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchDisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_of_what_was_made_in_it()
    {
        Tensor inner, outer;
        using (NewDisposeScope())
        {
            outer = zeros(1);
            using (NewDisposeScope())
            {
                inner = outer + 1;
            }

            Assert.True(inner.IsInvalid);
            Assert.False(outer.IsInvalid);
        }

        Assert.True(outer.IsInvalid);
    }

    [Fact]
    public void What_is_moved_outward_lives_as_long_as_the_outer_scope()
    {
        Tensor moved, pair;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                moved = zeros(1).MoveToOuterDisposeScope();
                (pair, _) = inner.MoveToOuter(zeros(1), zeros(1));
            }

            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(pair));
            Assert.Equal(3, outer.DisposablesCount);
        }

        Assert.True(moved.IsInvalid);
        Assert.True(pair.IsInvalid);
    }

    [Fact]
    public void What_is_moved_out_of_the_outermost_scope_or_detached_lives_on()
    {
        Tensor moved, detached;
        using (NewDisposeScope())
        {
            moved = zeros(1).MoveToOuterDisposeScope();
            detached = zeros(1).DetachFromDisposeScope();
        }

        Assert.False(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
        moved.Dispose();
        detached.Dispose();
    }

    [Fact]
    public void A_scope_can_be_emptied_but_for_some()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (zeros(1), zeros(1), zeros(1));
        scope.DisposeEverythingBut(b);

        Assert.True(a.IsInvalid);
        Assert.False(b.IsInvalid);
        Assert.True(c.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
        scope.DisposeEverything();
        Assert.True(b.IsInvalid);
    }

    [Fact]
    public void A_tensor_may_be_disposed_of_early_and_twice()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (zeros(1), zeros(1));
        a.Dispose();
        a.Dispose();

        Assert.Equal(1, scope.DisposablesCount);
        Assert.True(scope.Contains(b));
        Assert.Throws<InvalidOperationException>(() => a + 1);
        Assert.Throws<InvalidOperationException>(() => a.shape);
    }

    [Fact]
    public void An_attached_tensor_belongs_to_the_scope()
    {
        var free = zeros(1);
        using (var scope = NewDisposeScope())
        {
            scope.Attach(free);
            scope.Attach(free);
            Assert.Equal(1, scope.DisposablesCount);
        }

        Assert.True(free.IsInvalid);
    }

    [Fact]
    public void Scopes_of_other_threads_do_not_mix()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = zeros(1));
        thread.Start();
        thread.Join();

        Assert.Equal(0, scope.DisposablesCount);
        Assert.Same(scope, CurrentDisposeScope);
        other!.Dispose();
    }

    [Fact]
    public void The_counts_of_a_thread_tell_what_lives()
    {
        var statistics = DisposeScopeManager.Statistics;
        var before = statistics.ThreadTotalLiveCount;
        var kept = zeros(1);
        using (NewDisposeScope())
        {
            var x = ones(3, requires_grad: true);
            (x * 2).sum().backward();
            Assert.Equal(before + 4, statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before + 1, statistics.ThreadTotalLiveCount);
        kept.Dispose();
        Assert.Equal(before, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void What_an_expression_returns_leaves_its_scope_alone()
    {
        using var outer = NewDisposeScope();
        var result = WrappedTensorDisposeScope(() => (ones(2) + 1) * 3);

        TorchTest.Near([6, 6], result);
        Assert.Equal(1, outer.DisposablesCount);
    }
}
