namespace Vae.Core.Tests.Composition;

public class TrainingMemoryTests
{
    private static readonly ImageShape Shape = new(1, 28, 28);

    [Fact]
    public void A_weight_above_2_GiB_is_refused_with_its_name_and_size()
    {
        VaeException refused = Assert.Throws<VaeException>(
            () => TrainingMemory.Check(Parse("model.encoder.hidden=[24000,24000]"), Shape, resumes: false, long.MaxValue));

        Assert.Equal(FailureKind.BadData, refused.Kind);
        Assert.StartsWith(
            "model: encoder.body.layers.2.weight [24000, 24000] would have 2.15 GiB, and a weight may have 2.00 GiB",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_model_that_can_be_asked_for_is_refused_without_taking_its_memory() => Assert.Throws<VaeException>(
        () => TrainingMemory.Check(
            Parse($"model.encoder.hidden=[{string.Join(',', Enumerable.Repeat(100_000, 64))}]", "model.latent=100000"),
            Shape,
            resumes: true,
            long.MaxValue));

    [Theory]
    [InlineData(1 + 1 + 2, false, "train.optimizer=adam", "train.threads=1")]
    [InlineData(1 + 1 + 1, false, "train.optimizer=sgd", "train.threads=1")]
    [InlineData(1 + 1, false, "train.optimizer=sgd", "train.optimizer.momentum=0", "train.threads=1")]
    [InlineData(1 + 1 + 2 + 1, false, "train.optimizer=adamax", "train.ema_decay=0.9", "train.threads=1")]
    [InlineData(1 + 1 + 2 + 3, false, "train.optimizer=adamw", "train.threads=0")]
    [InlineData(1 + 1 + 2 + 1 + 3, false, "train.optimizer=adam", "train.ema_decay=0.9", "train.threads=0")]
    [InlineData(1 + 1 + 2 + 3, true, "train.optimizer=adam", "train.threads=1")]
    [InlineData(1 + 1 + 2 + 1 + 4, true, "train.optimizer=adam", "train.ema_decay=0.9", "train.threads=0")]
    public void Parameters_gradients_the_optimizers_state_and_copies_must_fit_together(
        int numbersPerWeight, bool resumes, params string[] settings)
    {
        VaeConfiguration configuration = Parse(settings);
        using LatentModel model = configuration.Model.BuildVae(Shape, seed: 1);
        long sum = numbersPerWeight * sizeof(float) * model.ParameterCount;

        TrainingMemory.Check(configuration, Shape, resumes, available: sum);
        VaeException refused = Assert.Throws<VaeException>(() => TrainingMemory.Check(configuration, Shape, resumes, available: sum - 1));

        Assert.Equal(FailureKind.InputOutput, refused.Kind);
        Assert.Contains(FormattableString.Invariant($"{model.ParameterCount:N0} parameters"), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.encoder=mlp", "model.decoder=linear", "model.encoder.normalization=layer")]
    [InlineData("model.encoder=gated_mlp", "model.decoder=gated_mlp", "model.prior=vamp")]
    [InlineData("model.encoder=conv", "model.decoder=conv", "model.prior=mixture")]
    [InlineData("model.encoder=resnet", "model.decoder=resnet", "model.likelihood=gaussian", "data.binarization=none")]
    public void An_outline_has_the_parameters_of_the_model_and_no_memory(params string[] settings)
    {
        ModelConfiguration configuration = Parse(settings).Model;
        using LatentModel model = configuration.BuildVae(Shape, seed: 1);
        using LatentModel outline = configuration.Outline(Shape);

        Assert.Equal(Shapes(model), Shapes(outline));
        Assert.All(
            outline.parameters().Where(parameter => parameter.numel() > 1),
            parameter => Assert.Equal(DeviceType.META, parameter.device_type));
    }

    [Fact]
    public void A_run_that_is_refused_makes_no_folder()
    {
        using TemporaryFolder folder = new();
        VaeConfiguration tooLarge = TinyRun.Configuration with
        {
            Model = TinyRun.Configuration.Vae() with { Encoder = new MlpConfiguration { Hidden = [24_000, 24_000] } },
        };

        Assert.Throws<VaeException>(() => TinyRun.Train(folder["run"], tooLarge));

        Assert.False(Path.Exists(folder["run"]));
    }

    private static VaeConfiguration Parse(params string[] settings) =>
        VaeConfiguration.Parse("""{ "data": { "source": "digits" } }""", "FILE", settings);

    private static IEnumerable<string> Shapes(nn.Module model) =>
        model.named_parameters().Select(pair => $"{pair.name} [{string.Join(", ", pair.parameter.shape)}]");
}
