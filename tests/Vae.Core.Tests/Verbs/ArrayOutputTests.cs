namespace Vae.Core.Tests.Verbs;

public sealed class ArrayOutputTests : IDisposable
{
    private const int RowsAtOnce = 10_000;
    private const int Batches = 120;

    private static readonly OutputLayout Codes = new(
        [new OutputArray("mean", NpyType.Float32, 2), new OutputArray("ess", NpyType.Float32), new OutputArray("label", NpyType.Int64)]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rows.npz")]
    [InlineData("rows.csv")]
    public void However_many_rows_are_written_the_memory_for_them_stays_the_same(string name)
    {
        (float[] means, double[] figures, long[] labels) = (new float[2 * RowsAtOnce], new double[RowsAtOnce], new long[RowsAtOnce]);
        Array.Fill(means, -1.2345678e-20f);
        Array.Fill(figures, -1234.56789);
        long before = 0;
        ArrayOutput.Write(_folder[name], null, output =>
        {
            output.Begin(Codes);
            for (int batch = 0; batch < Batches; batch++)
            {
                output.Append(means, figures, labels);
                before = batch == Batches / 4 ? GC.GetAllocatedBytesForCurrentThread() : before;
            }

            // A column of doubles is rounded to floats for an archive, a batch at a time.
            long perBatch = (GC.GetAllocatedBytesForCurrentThread() - before) / (Batches * 3 / 4);
            Assert.InRange(perBatch, 0, (sizeof(float) * RowsAtOnce) + 200);
        });

        Assert.True(new FileInfo(_folder[name]).Length > Batches * RowsAtOnce * 20L);
        Assert.Equal([name], _folder.FileNames());
    }

    [Fact]
    public void A_table_has_single_numbers_first_and_numbered_columns_after_them()
    {
        ArrayOutput.Write(_folder["rows.csv"], null, output =>
        {
            output.Begin(new OutputLayout(
                [
                    new OutputArray("mean", NpyType.Float32, 2),
                    new OutputArray("label", NpyType.Int64),
                    new OutputArray("kl", NpyType.Float32),
                ]));
            output.Append(new float[] { 0.1f, -2, 3e-9f, float.NaN }, new long[] { 7, -8 }, new[] { 1 / 3.0, 2 });
            output.Append(new float[] { 1, 2 }, new long[] { 9 }, new[] { -0.25 });
        });

        Assert.Equal(
            "label,kl,mean_0,mean_1\n7,0.333333,0.1,-2\n-8,2,3E-09,NaN\n9,-0.25,1,2\n", File.ReadAllText(_folder["rows.csv"]));
    }

    [Fact]
    public void A_picture_shows_two_arrays_as_rows_of_one_over_rows_of_the_other_and_white_fills_the_last()
    {
        ArrayOutput.Write(_folder["pairs.png"], 2, output =>
        {
            output.Begin(OutputLayout.OfImages(new ImageShape(1, 56, 56), 3, null, "originals", "reconstructions"));
            output.Append(Grey(0.1f, 0.2f), Grey(0.4f, 0.5f));
            output.Append(Grey(0.3f), Grey(0.6f));
        });

        RasterImage picture = PictureReader.Read(_folder["pairs.png"]);
        Assert.Equal((2 + (2 * 58), 2 + (4 * 58)), (picture.Width, picture.Height));
        IEnumerable<byte> levels =
            from row in Enumerable.Range(0, 4)
            from column in Enumerable.Range(0, 2)
            select picture.Pixels[((30 + (58 * row)) * picture.Width) + 30 + (58 * column)];
        byte[] middles = [.. levels];
        Assert.Equal([26, 51, 102, 128, 77, 255, 153, 255], middles);
    }

    [Theory]
    [InlineData(10_000, null, 100, "10202×10202")]
    [InlineData(17_242, 1, 56, "60×1000038")] // higher than a PNG can be
    [InlineData(10_000, null, 97, null)]
    [InlineData(17_241, 1, 56, null)]
    public void A_picture_that_would_be_too_large_is_refused_before_the_first_image_is_made(
        int count, int? columns, int side, string? refused)
    {
        bool begun = false;
        Exception? failure = Record.Exception(() => ArrayOutput.Write(_folder["grid.png"], columns, output =>
        {
            output.Begin(OutputLayout.OfImages(new ImageShape(1, side, side), count, null, "images"));
            begun = true;
            throw new OperationCanceledException();
        }));

        Assert.Empty(_folder.FileNames());
        Assert.Equal(refused is null, begun);
        if (refused is not null)
        {
            Assert.Equal(FailureKind.Usage, Assert.IsType<VaeException>(failure).Kind);
            Assert.Equal(
                $"A picture of {refused} pixels is too large, at most 100,000,000 and a side of 1,000,000 are drawn; "
                + "ask for fewer images or write .npz.",
                failure.Message);
        }
    }

    [Fact]
    public void An_array_takes_what_is_too_large_for_a_picture()
    {
        ArrayOutput.Write(_folder["images.npz"], null, output =>
        {
            output.Begin(OutputLayout.OfImages(new ImageShape(1, 100, 100), 10_000, null, "images"));
            output.Append(new float[10_000]);
        });

        using NpzReader reader = NpzReader.Open(_folder["images.npz"]);
        Assert.Equal([1L, 1, 100, 100], reader.Read("images").Shape);
    }

    private static float[] Grey(params float[] values) => [.. values.SelectMany(value => Enumerable.Repeat(value, 56 * 56))];
}
