namespace Vae.Core.Tests.Engine;

[Collection(AloneCollection.Name)]
public class WorkersTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 100)]
    [InlineData(8, 2)]
    [InlineData(2, 0)]
    public void Every_item_is_run_once(int workers, int items)
    {
        int[] runs = new int[items];
        Workers.ForEach(workers, items, item => Interlocked.Increment(ref runs[item]));

        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Operators_have_one_thread_inside_a_worker_and_as_many_as_before_afterwards()
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(2);
            int[] inside = new int[8];
            Workers.ForEach(2, inside.Length, item => inside[item] = get_num_threads());

            Assert.All(inside, threads => Assert.Equal(1, threads));
            Assert.Equal(2, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void The_first_failure_ends_the_work_and_is_thrown()
    {
        int runs = 0;
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Workers.ForEach(1, 1000, item =>
        {
            runs++;
            throw new InvalidOperationException($"item {item}");
        }));

        Assert.Equal("item 0", failure.Message);
        Assert.Equal(1, runs);
    }
}
