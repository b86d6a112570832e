using System.Diagnostics;
using static TorchSharp.torch;

namespace Shims.Tests;

/// <summary>Native memory comes back: 100,000 operations on tensors of 4 kB, 400 MB if each were kept, leave at most 20 MB.</summary>
[Collection(TorchTests.Name)]
public class TorchMemoryTests
{
    private const int Operations = 100_000;
    private const long Allowed = 20 << 20;

    [Fact]
    public void Disposing_of_each_result_gives_its_memory_back()
    {
        using var x = ones(1000);

        AssertBounded(() =>
        {
            using var y = x + 1;
        });
    }

    [Fact]
    public void A_dispose_scope_gives_the_memory_of_its_tensors_back()
    {
        using var x = ones(1000);
        AssertBounded(
            () =>
            {
                using var scope = NewDisposeScope();
                for (var i = 0; i < 100; i++)
                {
                    _ = x + 1;
                }
            },
            100);
    }

    [Fact]
    public void A_training_step_gives_its_graph_and_its_gradients_back()
    {
        using var layer = nn.Linear(100, 10);
        using var optimizer = optim.Adam(layer.parameters());
        using var x = ones(10, 100);
        AssertBounded(
            () =>
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                layer.call(x).square().mean().backward();
                optimizer.step();
            },
            20);
    }

    [Fact]
    public void Lists_of_tensors_are_given_back()
    {
        using var x = ones(10, 1000);
        AssertBounded(
            () =>
            {
                using var copy = x.clone();
                foreach (var row in copy.unbind(0))
                {
                    row.Dispose();
                }
            },
            11);
    }

    [Fact]
    public void A_failed_call_keeps_none_of_its_arguments()
    {
        // An error costs milliseconds, so there are fewer here, of 100 kB each.
        AssertBounded(
            () =>
            {
                using var x = ones(2, 12_500);
                Assert.ThrowsAny<Exception>(() => x.matmul(x));
            },
            200);
    }

    [Fact]
    public void A_forgotten_tensor_is_released_by_the_garbage_collector()
    {
        // On a thread of its own, so that nothing of its frames keeps the tensors.
        var weak = new List<WeakReference>();
        var thread = new Thread(() => weak.AddRange(Enumerable.Range(0, 100).Select(_ => new WeakReference(ones(1000)))));
        thread.Start();
        thread.Join();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 10 && weak.Any(reference => reference.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(weak, reference => reference.IsAlive);
        Assert.True(Tensor.TotalCount <= before - 100, $"{before} tensors before, {Tensor.TotalCount} after");
    }

    private static void AssertBounded(Action body, int operations = 1)
    {
        for (var i = 0; i < Operations / 10 / operations; i++)
        {
            body();
        }

        var before = Resident();
        for (var i = 0; i < Operations / operations; i++)
        {
            body();
        }

        var grown = Resident() - before;
        Assert.True(grown <= Allowed, $"resident memory grew by {grown >> 10} kB");
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
