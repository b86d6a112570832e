namespace Vae.Core.Tests.Data;

public class BatchOrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(60_000)]
    public void An_order_visits_each_image_once(int count) =>
        Assert.Equal(BatchOrder.Sequential(count), BatchOrder.Permutation(1, 3, count).Order());

    [Fact]
    public void An_order_is_a_function_of_seed_and_epoch()
    {
        Assert.Equal(BatchOrder.Permutation(1, 3, 100), BatchOrder.Permutation(1, 3, 100));
        Assert.NotEqual(BatchOrder.Permutation(1, 3, 100), BatchOrder.Permutation(1, 4, 100));
        Assert.NotEqual(BatchOrder.Permutation(1, 3, 100), BatchOrder.Permutation(2, 3, 100));
    }

    [Fact]
    public void All_orders_are_equally_likely()
    {
        const int Draws = 24_000;
        Dictionary<string, int> counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < Draws; epoch++)
        {
            string order = string.Concat(BatchOrder.Permutation(5, epoch, 4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        double chiSquare = counts.Values.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000);
        Assert.True(chiSquare < 56, $"chi-square with 23 degrees of freedom is {chiSquare}"); // p = 1.5e-4
    }

    [Theory]
    [InlineData(10, 4, 3)]
    [InlineData(8, 4, 2)]
    [InlineData(3, 4, 1)]
    [InlineData(3, int.MaxValue, 1)]
    [InlineData(0, 4, 0)]
    public void The_last_smaller_batch_is_kept(int count, int batchSize, int batches) =>
        Assert.Equal(batches, BatchOrder.BatchCount(count, batchSize));
}
