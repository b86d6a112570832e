namespace Vae.Core.Tests.Models;

public sealed class VectorQuantizedAutoencoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("average")]
    [InlineData("gradient")]
    public void Every_position_takes_its_nearest_code_and_the_decoder_gets_that_code(string codebook)
    {
        using LatentModel model = Build(codebook);
        using IDisposable noGradient = no_grad();
        Batch batch = Digits(3);
        Inference inference = model.Infer(batch);
        long[] indices = inference.Codes()[0].flatten().data<long>().ToArray();      // [B, M]
        float[] codes = Buffer(model, "codebook").flatten().data<float>().ToArray(); // [S, C]
        float[] latents = inference.MeanLatents.flatten().data<float>().ToArray();   // [B, C, M]

        Assert.Equal(3 * Positions, indices.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            (int image, int position) = Math.DivRem(i, Positions);
            for (int c = 0; c < Dimension; c++)
            {
                Assert.Equal(codes[(indices[i] * Dimension) + c], latents[(((image * Dimension) + c) * Positions) + position]);
            }
        }
    }

    [Fact]
    public void The_bound_is_that_of_the_uniform_prior_and_a_point_for_a_posterior()
    {
        using LatentModel model = Build();
        using IDisposable noGradient = no_grad();
        Terms terms = model.Infer(Digits(4)).Terms(new GivenDraws(zeros(2, 4, 1)));

        Assert.Equal([2L, 4L], terms.LogLikelihood.shape);
        Assert.All(terms.Kl().data<float>().ToArray(), kl => Assert.Equal(Positions * Math.Log(Codes), kl, 1e-3));
        Assert.Equal(0, terms.LogPosterior().abs().max().ToSingle());
        Assert.Equal(4L * Positions, terms.FigureSums[0].sum().ToInt64());
    }

    [Fact]
    public void The_gradient_passes_straight_through_to_the_encoder_and_none_reaches_an_averaged_codebook()
    {
        using LatentModel model = Build();
        Terms terms = model.Infer(Digits(4)).Terms(new GivenDraws(zeros(1, 4, 1)));
        (-terms.Reconstruction()).mean().backward();

        Assert.True(model.named_parameters().Single(pair => pair.name == "to_code.weight").parameter.grad!.abs().max().ToSingle() > 0);
        Assert.DoesNotContain("codebook", model.named_parameters().Select(pair => pair.name));
    }

    [Fact]
    public void Averages_follow_what_is_quantized_and_a_dead_code_begins_anew_at_an_output_of_the_encoder()
    {
        using LatentModel model = Build();
        Tensor vectors = model.Infer(Digits(8)).Terms(new GivenDraws(zeros(1, 8, 1))).Statistics[0];
        float[][] outputs = [.. vectors.flatten(0, 1).data<float>().ToArray().Chunk(Dimension)];
        model.AfterStep([vectors, zeros(8, Positions, ScalarType.Int64)], 0); // all is quantized to the first code
        float[][] first = CodesOf(model);
        Assert.All(
            first[1..],
            code => Assert.Contains(outputs, output => output.Zip(code).All(pair => Math.Abs(pair.First - pair.Second) < 1e-3)));

        for (int step = 1; step < 400; step++)
        {
            model.AfterStep([vectors, zeros(8, Positions, ScalarType.Int64)], step);
        }

        float[] mean = vectors.flatten(0, 1).mean([0L]).data<float>().ToArray();
        Assert.All(CodesOf(model)[0].Zip(mean), pair => Assert.Equal(pair.Second, pair.First, 0.05f));
    }

    [Fact]
    public void Evaluating_changes_nothing_and_perplexity_is_of_the_whole_set()
    {
        using LatentModel model = Build();
        ImageSet images = Images.Slice(0, 40);
        BatchLoader loader = new(images, new PixelTransform(Binarization.None, new RandomStream(1, RandomPurpose.Binarization)), CPU);
        Dictionary<string, float[]> before = State(model);
        EvaluationResult whole = new ImportanceEvaluator { Samples = 3 }.Evaluate(
            model, loader, new RandomStream(1, RandomPurpose.EvaluationNoise), CPU);
        EvaluationResult parts = new ImportanceEvaluator { Samples = 1, ImagesPerBatch = 7 }
            .Evaluate(model, loader, new RandomStream(2, RandomPurpose.EvaluationNoise), CPU);

        Assert.All(State(model), state => Assert.Equal(before[state.Key], state.Value));
        Assert.Equal(whole.Figures["perplexity"], parts.Figures["perplexity"], 1e-9);
        Assert.InRange(whole.Figures["perplexity"], 1, Codes);
        Assert.Equal(whole.Elbo, whole.LogLikelihood, 1e-3);
        Assert.Null(whole.Decomposition);
        Assert.Null(whole.ActiveUnits);
        Assert.Equal(Positions * Math.Log(Codes), whole.Kl, 1e-3);
    }

    [Theory]
    [InlineData("average", "per_position")]
    [InlineData("gradient", "uniform")]
    public void A_run_learns_is_resumed_to_the_bit_and_serves_the_verbs_that_codes_allow(string codebook, string prior)
    {
        VaeConfiguration configuration = Configuration(codebook, prior);
        TinyRun.Train(_folder["whole"], configuration);
        TinyRun.Train(_folder["run"], configuration with { Train = configuration.Train with { Epochs = 1 } });
        TinyRun.Resume(_folder["run"], saved => saved with { Train = saved.Train with { Epochs = 2 } });

        Assert.Equal(
            CheckpointDigest.Of(RunFolder.Open(_folder["whole"]).LastCheckpoint),
            CheckpointDigest.Of(RunFolder.Open(_folder["run"]).LastCheckpoint));
        EpochMetrics[] metrics = [.. MetricsFile.Read(_folder["run/metrics.jsonl"])];
        Assert.All(metrics, epoch => Assert.InRange(epoch.Train["perplexity"], 1, Codes));
        Assert.All(metrics, epoch => Assert.True(epoch.Validation!["commitment"] > 0));
        Assert.True(metrics[1].Train.Reconstruction > metrics[0].Train.Reconstruction);
        VaeException refused = Assert.Throws<VaeException>(() => LoadedModel.Load(
            new SampleRequest { RunFolder = _folder["run"], Checkpoint = "last", Device = "cpu", Threads = 1 }).NeedPaths());
        Assert.Equal(FailureKind.Usage, refused.Kind);
        Assert.Contains("codes of a codebook", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"encoder\": \"mlp\"", "$.model.encoder: expected one of \"conv\", \"resnet\"")]
    [InlineData(
        "\"encoder\": { \"kind\": \"conv\", \"hidden\": [10] }",
        "$.model.encoder: a map of codes comes from networks without dense layers")]
    [InlineData(
        "\"decoder\": { \"kind\": \"conv\", \"channels\": [8] }",
        "$.model.decoder: enlarges its map otherwise than the encoder reduces the image")]
    public void Networks_that_give_no_map_are_refused(string network, string problem) => Assert.Contains(
        problem,
        Assert.Throws<VaeException>(() => VaeConfiguration.Parse(
            $$"""{ "data": { "source": "digits" }, "model": { "kind": "vq_vae", {{network}} } }""", "a test")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("iwae")]
    [InlineData("beta_tc")]
    [InlineData("mmd")]
    [InlineData("capacity")]
    [InlineData("free_bits")]
    public void Objectives_that_need_Gaussian_posteriors_are_refused(string objective) => Assert.Contains(
        "$.objective.kind",
        Assert.Throws<VaeException>(() => VaeConfiguration.Parse(
            $$"""{ "data": { "source": "digits" }, "model": "vq_vae", "objective": "{{objective}}" }""", "a test")).Message,
        StringComparison.Ordinal);

    private const int Codes = 16;
    private const int Dimension = 4;
    private const int Positions = 49;

    private static ImageSet Images { get; } = new DigitsSource().Load(DatasetPart.Train, new DataRequest(), 64);

    private static LatentModel Build(string codebook = "average") =>
        Configuration(codebook, "per_position").Model.Build(Images.Shape, seed: 3);

    private static VaeConfiguration Configuration(string codebook, string prior) => VaeConfiguration.Parse(
        $$"""
        { "data": { "source": "digits", "binarization": "none", "train_images": 320, "test_images": 16, "validation": 64 },
            "model": { "kind": "vq_vae", "codes": {{Codes}}, "code_dimension": {{Dimension}},
              "codebook": "{{codebook}}", "prior": "{{prior}}",
            "likelihood": { "kind": "gaussian", "variance": { "kind": "fixed", "sigma": 0.2 } },
            "encoder": { "kind": "conv", "channels": [8, 16] }, "decoder": { "kind": "conv", "channels": [16, 8] } },
          "train": { "epochs": 2, "batch_size": 32, "seed": 4 }, "output": { "samples": 4 } }
        """,
        "a test");

    private static Batch Digits(int count) =>
        new BatchLoader(Images, new PixelTransform(Binarization.None, new RandomStream(1, RandomPurpose.Binarization)), CPU)
            .Load([.. Enumerable.Range(0, count)], epoch: 0);

    private static Tensor Buffer(LatentModel model, string name) => model.state_dict()[name];

    private static float[][] CodesOf(LatentModel model) =>
        [.. Buffer(model, "codebook").flatten().data<float>().ToArray().Chunk(Dimension)];

    private static Dictionary<string, float[]> State(LatentModel model) =>
        model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().flatten().data<float>().ToArray());
}
