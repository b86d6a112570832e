namespace Vae.Core.Tests.Verbs;

public sealed class TraverseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("standard_normal")]
    [InlineData("mixture")]
    [InlineData("vamp")]
    public void Rows_pass_through_the_prior_s_mean_and_end_at_its_standard_deviations(string prior)
    {
        VaeConfiguration configuration = TinyRun.Configuration with
        {
            Model = TinyRun.Configuration.Vae() with { Prior = Prior(prior) },
            Train = TinyRun.Configuration.Train with { Epochs = 1 },
        };
        TinyRun.Train(_folder["run"], configuration);
        TraverseRequest request = new() { RunFolder = _folder["run"], Device = "cpu", Threads = 1, Steps = 3, Range = 2 };
        CollectedRows images = new();

        IReadOnlyList<TraversedDimension> rows = Traverse.Run(request, images, default);

        using LoadedModel loaded = LoadedModel.Load(request);
        (float[] mean, float[] deviation) = MomentsOfDraws(loaded);
        float[][] latents =
            [.. rows.SelectMany(row => new[] { -2, 0, 2 }.Select(step => Moved(mean, row.Dimension, step * deviation[row.Dimension])))];
        float[] expected = loaded.DecodeMeans(latents);
        Assert.All(expected.Zip(images.Pixels), pair => Assert.Equal(pair.First, pair.Second, 0.02)); // as sure as the draws
        Assert.True(prior == "standard_normal" || mean.Max(Math.Abs) > 0.1, "a prior whose mean is 0 tells nothing here");
    }

    [Fact]
    public void Dimensions_are_ordered_by_their_mean_KL_and_equals_by_their_index() =>
        Assert.Equal([2, 0, 3, 1], Traverse.Ordered([0.5, 0.01, 3, 0.5], 4).Select(row => row.Dimension));

    [Fact]
    public void Without_a_KL_they_come_in_their_order()
    {
        TraversedDimension[] rows = [.. Traverse.Ordered([], 3)];
        Assert.Equal([0, 1, 2], rows.Select(row => row.Dimension));
        Assert.All(rows, row => Assert.True(double.IsNaN(row.Kl)));
    }

    private static PriorConfiguration Prior(string kind) => kind switch
    {
        "mixture" => new MixturePriorConfiguration { Components = 3, Spread = 2 },
        "vamp" => new VampPriorConfiguration { PseudoInputs = 5 },
        _ => new StandardNormalPriorConfiguration(),
    };

    private static float[] Moved(float[] mean, int dimension, float distance) =>
        [.. mean.Select((value, d) => d == dimension ? value + distance : value)];

    /// <summary>Mean and standard deviation of many draws of the prior, [D] each.</summary>
    private static (float[] Mean, float[] Deviation) MomentsOfDraws(LoadedModel loaded)
    {
        const int Draws = 200_000;
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        RandomStream stream = new(1, RandomPurpose.PriorSample);
        Tensor noise = Noise.Normal(stream, 0, 0, CPU, Draws, loaded.Model.Latent);
        // [N, D]
        Tensor latents = ((VariationalAutoencoder)loaded.Model).Prior.At(null).Sample(noise, Noise.Uniform(stream, 0, 1, CPU, Draws), 1);
        Tensor mean = latents.mean([0L]);
        return (mean.data<float>().ToArray(), (latents - mean).square().mean([0L]).sqrt().data<float>().ToArray());
    }
}
