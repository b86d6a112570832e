namespace Vae.Core.Tests.Imaging;

public class ImagePairsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    [InlineData(17, 9)]
    [InlineData(32, 16)]
    [InlineData(33, 11)]
    [InlineData(1000, 16)]
    public void Rows_are_as_even_as_can_be(int count, int columns) => Assert.Equal(columns, ImagePairs.ColumnsFor(count));

    [Fact]
    public void Upper_rows_stand_over_lower_rows_and_white_fills_the_last()
    {
        float[] arranged = ImagePairs.Arrange([0.1f, 0.2f, 0.3f], [0.4f, 0.5f, 0.6f], pixels: 1, columns: 2);
        Assert.Equal([0.1f, 0.2f, 0.4f, 0.5f, 0.3f, 1, 0.6f, 1], arranged);
    }

    [Fact]
    public void Pixels_of_an_image_stay_together() =>
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8], ImagePairs.Arrange([1, 2, 3, 4], [5, 6, 7, 8], pixels: 2, columns: 2));

    [Fact]
    public void Pairs_must_be_pairs()
    {
        Assert.Throws<ArgumentException>(() => ImagePairs.Arrange([1, 2], [3], pixels: 1, columns: 1));
        Assert.Throws<ArgumentException>(() => ImagePairs.Arrange([1, 2, 3], [1, 2, 3], pixels: 2, columns: 1));
    }
}
