namespace Vae.Core.Tests.Composition;

public sealed class ModelFactoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Cases => new()
    {
        { "bernoulli", "mlp" },
        { "bernoulli", "conv" },
        { "continuous_bernoulli", "mlp" },
        { "gaussian", "mlp" },
        { "gaussian", "resnet" },
        { "laplace", "conv" },
        { "discretized_logistic", "conv" },
        { "categorical", "linear" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_decoder_that_ignores_its_code_starts_at_the_mean_image(string likelihood, string decoder)
    {
        using DisposeScope scope = NewDisposeScope();
        VaeConfiguration configuration = VaeConfiguration.Parse(
            """{ "data": { "source": "digits" } }""",
            "FILE",
            [
                $"model.likelihood={likelihood}",
                $"data.binarization={(likelihood == "bernoulli" ? "threshold" : "none")}",
                $"model.decoder={decoder}",
                "model.latent=2",
                "model.output_bias=data_mean",
            ]);
        ImageShape shape = new(2, 6, 5);
        byte[] pixels = [.. Enumerable.Range(0, 40 * shape.PixelCount).Select(i => (byte)((i * 37 % 200) + 20 + (i / 30 % 2 * 30)))];
        ImageSet images = ImageSets.Of(shape, pixels);
        using VariationalAutoencoder model = configuration.Model.BuildVae(shape, 1);

        configuration.Model.InitializeFromData(model, images, configuration.Data.TrainingTransform(model.Likelihood.Target, 1));

        SilenceWeights(model);
        float[] start = model.Likelihood.Mean(model.Decode(zeros(1, 2))).data<float>().ToArray();
        float[] mean = Mean(images, binary: likelihood == "bernoulli");
        if (model.Decoder.SharesBias)
        {
            mean = [.. mean.Chunk(30).SelectMany(channel => Enumerable.Repeat(channel.Average(), 30))];
        }

        Assert.All(start.Zip(mean), pair => Assert.Equal(pair.Second, pair.First, 0.005)); // but for the noise of dequantization
    }

    [Fact]
    public void By_default_the_bias_is_as_the_initializer_drew_it()
    {
        VaeConfiguration configuration = VaeConfiguration.Parse("""{ "data": { "source": "digits" } }""", "FILE");
        ImageShape shape = new(1, 4, 4);
        using VariationalAutoencoder model = configuration.Model.BuildVae(shape, 1);
        float[] before = model.state_dict()["decoder.output.bias"].data<float>().ToArray();

        configuration.Model.InitializeFromData(
            model, ImageSets.Of(shape, new byte[64]), configuration.Data.TrainingTransform(model.Likelihood.Target, 1));

        Assert.Equal(before, model.state_dict()["decoder.output.bias"].data<float>().ToArray());
    }

    [Theory]
    [InlineData("gated_mlp")]
    [InlineData("conv")]
    [InlineData("resnet")]
    [InlineData("linear")]
    public void A_model_of_each_kind_learns_and_is_rebuilt_from_its_checkpoint_without_data(string kind)
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(
            ConfigurationWriter.Write(TinyRun.Configuration with { Output = new OutputConfiguration { SampleEvery = 0 } }),
            "FILE",
            [
                $"model.encoder={kind}", $"model.decoder={kind}", "model.output_bias=data_mean", "model.initializer=xavier",
                "train.epochs=2",
            ]);
        List<double> elbos = [];

        TinyRun.Train(_folder["run"], configuration, happened =>
        {
            if (happened is Core.Training.EpochCompleted completed)
            {
                elbos.Add(completed.Metrics.Validation!.Elbo);
            }
        });

        Assert.True(elbos[1] > elbos[0], $"{kind}: {string.Join(", ", elbos)}");
        using LoadedModel loaded = LoadedModel.Load(new EvaluateElboRequest { RunFolder = _folder["run"], Device = "cpu", Threads = 1 });
        Assert.Equal(2 * 784, loaded.DecodeMeans([new float[4], [1, 0, -1, 0]]).Length);
    }

    private static void SilenceWeights(VariationalAutoencoder model)
    {
        using IDisposable noGradient = no_grad();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in model.named_parameters())
        {
            if (name == "decoder.output.weight")
            {
                parameter.zero_();
            }
        }
    }

    private static float[] Mean(ImageSet images, bool binary)
    {
        float[] sums = new float[images.Shape.PixelCount];
        for (int i = 0; i < images.Count; i++)
        {
            for (int p = 0; p < sums.Length; p++)
            {
                byte value = images.Image(i)[p];
                sums[p] += binary ? (value >= 128 ? 1 : 0) : value / 255f;
            }
        }

        return [.. sums.Select(sum => sum / images.Count)];
    }
}
