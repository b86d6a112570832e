using System.Text.Json.Nodes;
using Vae.Benchmarks;
using Vae.Benchmarks.PlainTorchSharp;

namespace Vae.Core.Tests.Benchmarks;

/// <summary>The peer in plain TorchSharp does the work of the case.</summary>
[Collection(AloneCollection.Name)] // tensors are counted in the whole process
public sealed class PlainPeerTests : IDisposable
{
    private readonly ImageSet _images = new DigitsSource().Load(DatasetPart.Train, new DataRequest(), 640);
    private readonly TemporaryFile _pixels;

    public PlainPeerTests() => _pixels = BenchmarkImages.Write(_images);

    public static TheoryData<string> StepCases => [.. Cases.All.OfType<StepCase>().Select(one => one.Name)];

    public void Dispose() => _pixels.Dispose();

    [Theory]
    [MemberData(nameof(StepCases))]
    public void Its_networks_have_as_many_weights_as_ours(string name)
    {
        StepCase one = Cases.All.OfType<StepCase>().Single(one => one.Name == name);
        ImageShape shape = new(1, one.Side, one.Side);
        using VariationalAutoencoder ours = one.Configuration.Model.BuildVae(shape, seed: 1);
        using PlainVae plain = new(Here(PeerSpecification.ForTraining(one.Configuration, shape, _pixels.Path)));
        Assert.Equal(ours.parameters().Sum(weights => weights.numel()), plain.parameters().Sum(weights => weights.numel()));
    }

    [Theory]
    [InlineData("mlp-128")]
    [InlineData("gated-100")]
    [InlineData("iwae5-20")]
    [InlineData("conv28-128")]
    public void It_learns_and_tells_the_loss_in_nats_per_image(string name)
    {
        using PlainWork work = PlainWork.For(Training(name));
        double first = Loss(work, steps: 1);
        Assert.InRange(first, 400, 700); // fresh weights give each of 784 pixels a probability near a half: 543 nats
        Assert.InRange(Loss(work, steps: 30), 20, 0.8 * first);
    }

    [Fact]
    public void One_sample_gives_the_same_bound_by_both_losses_on_average()
    {
        using PlainVae model = new(Training("mlp-128"));
        using Tensor x = zeros(200, 784);
        double elbo = Mean(() => model.ElboLoss(x));
        Assert.Equal(elbo, Mean(() => model.IwaeLoss(x, 1)), tolerance: 0.5);
        Assert.True(Mean(() => model.IwaeLoss(x, 50)) < elbo, "more samples give a tighter bound");

        static double Mean(Func<Tensor> loss)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable guard = no_grad();
            return Enumerable.Range(0, 20).Average(_ => loss().item<float>());
        }
    }

    [Fact]
    public void Evaluations_tell_the_bound_of_so_many_images()
    {
        EvaluationCase one = Cases.All.OfType<EvaluationCase>().Single();
        // More than one chunk.
        JsonObject specification = PeerSpecification.ForEvaluation(one.Model, _images.Shape, _pixels.Path, samples: 1200);
        using PlainWork work = PlainWork.For(Here(specification));
        Assert.InRange(work.Run(3).Loss, 450, 650);
        Assert.InRange(work.Run(700).Loss, 450, 650); // more than there are
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using PlainWork work = PlainWork.For(Training("mlp-128"));
        work.Run(5);
        long before = Tensor.TotalCount;
        work.Run(5);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void It_answers_as_the_peer_in_Python_does_until_its_input_ends()
    {
        string[] requests =
        [
            Training("mlp-20").ToJsonString(),
            """{"do": "tune", "threads": 1, "blas_threads": 1, "seconds": 0.01}""",
            """{"do": "use", "threads": 1, "blas_threads": 1, "choice": {}}""",
            """{"do": "run", "units": 2}""",
            """{"do": "epochs", "units": 1}""",
        ];
        int threads = get_num_threads();
        using StringWriter answers = new();
        PlainPeer.Serve(new StringReader(string.Join('\n', requests)), answers);
        set_num_threads(threads);

        JsonObject[] told =
            [.. answers.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
        Assert.Equal(requests.Length, told.Length);
        Assert.Equal(Machine.TorchSharpVersion, (string)told[0]["version"]!);
        Assert.True((double)told[1]["seconds"]! > 0);
        Assert.Empty(told[2]);
        Assert.True((double)told[3]["seconds"]! > 0 && (long)told[3]["peak_bytes"]! > 1 << 20);
        Assert.Contains("epochs", (string)told[4]["error"]!, StringComparison.Ordinal);
    }

    private static double Loss(PlainWork work, int steps) => work.Run(steps).Loss;

    private static JsonObject Here(JsonObject specification)
    {
        specification["device"] = "cpu";
        specification["precision"] = "float32";
        return JsonNode.Parse(specification.ToJsonString())!.AsObject(); // as it gets there
    }

    private JsonObject Training(string name) =>
        Here(
            PeerSpecification.ForTraining(
                Cases.All.OfType<StepCase>().Single(one => one.Name == name).Configuration, _images.Shape, _pixels.Path));
}
