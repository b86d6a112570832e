using Vae.Core.Composition;

namespace Vae.Core.Tests.Composition;

public class TraversalTests
{
    [Fact]
    public void Dimensions_are_ordered_by_their_mean_KL_and_equals_by_their_index() =>
        Assert.Equal([2, 0, 3, 1], Traversal.Ordered([0.5, 0.01, 3, 0.5], 4).Select(row => row.Dimension));

    [Fact]
    public void Without_a_KL_they_come_in_their_order()
    {
        TraversedDimension[] rows = [.. Traversal.Ordered([], 3)];
        Assert.Equal([0, 1, 2], rows.Select(row => row.Dimension));
        Assert.All(rows, row => Assert.True(double.IsNaN(row.Kl)));
    }
}
