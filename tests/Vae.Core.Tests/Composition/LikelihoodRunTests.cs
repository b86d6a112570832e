namespace Vae.Core.Tests.Composition;

/// <summary>Whole runs with each likelihood, on few drawn digits.</summary>
public sealed class LikelihoodRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, bool> Likelihoods => new()
    {
        { "bernoulli", true },
        { "continuous_bernoulli", true },
        { "gaussian variance=fixed", true },
        { "gaussian variance=learned_scalar", true },
        { "gaussian variance=learned_pixel", true },
        { "gaussian variance=analytic", true },
        { "gaussian variance=analytic target=unit_interval", false },
        { "laplace scale=fixed", true },
        { "laplace scale=learned_pixel", true },
        { "laplace scale=analytic target=unit_interval", false },
        { "discretized_logistic scale=learned_scalar", true },
        { "discretized_logistic scale=learned_pixel", true },
        { "categorical", true },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Likelihoods))]
    public void It_learns_and_its_bits_per_dimension_are_those_of_its_log_likelihood(string likelihood, bool hasBits)
    {
        TinyRun.Train(_folder["run"], Configuration(likelihood, epochs: 3));

        IReadOnlyList<EpochMetrics> epochs = MetricsFile.Read(_folder[Path.Combine("run", "metrics.jsonl")]);
        Assert.True(epochs[^1].Train.Elbo > epochs[0].Train.Elbo, $"{epochs[0].Train.Elbo} to {epochs[^1].Train.Elbo}");
        EvaluationResult result = EvaluateElbo.Run(
            new EvaluateElboRequest { RunFolder = _folder["run"], Checkpoint = "last", ImportanceSamples = 3, Device = "cpu", Threads = 1 },
            null,
            CancellationToken.None);
        Assert.True(double.IsFinite(result.Elbo));
        double? bits = hasBits ? -result.LogLikelihood / (784 * Math.Log(2)) : null;
        Assert.Equal(bits, result.BitsPerDimension);
    }

    [Fact]
    public void Two_and_two_epochs_with_the_analytic_variance_equal_four_in_one_go_to_the_last_bit()
    {
        TinyRun.Train(_folder["whole"], Configuration("gaussian variance=analytic", epochs: 4));
        TinyRun.Train(_folder["parts"], Configuration("gaussian variance=analytic", epochs: 2));

        TinyRun.Resume(_folder["parts"], saved => saved with { Train = saved.Train with { Epochs = 4 } });

        Assert.Equal(
            CheckpointDigest.Of(_folder[Path.Combine("whole", "checkpoints", "last.safetensors")]),
            CheckpointDigest.Of(_folder[Path.Combine("parts", "checkpoints", "last.safetensors")]));
    }

    [Fact]
    public void Reconstructions_and_drawn_pixels_of_a_density_are_images()
    {
        TinyRun.Train(_folder["run"], Configuration("gaussian", epochs: 1));

        CollectedRows pairs = new();
        Reconstruct.Run(
            new ReconstructRequest { RunFolder = _folder["run"], Count = 3, Device = "cpu", Threads = 1 }, pairs, CancellationToken.None);
        CollectedRows drawn = new();
        Sample.Run(
            new SampleRequest { RunFolder = _folder["run"], Count = 4, DrawPixels = true, Device = "cpu", Threads = 1 },
            drawn,
            CancellationToken.None);

        float[] originals = pairs["originals"];
        // Grey levels, not their dequantized targets.
        Assert.All(originals, value => Assert.Equal(Math.Round(value * 255), value * 255, 1e-4));
        Assert.All(drawn.Pixels, value => Assert.InRange(value, 0, 1));
        Assert.All(drawn.Pixels, value => Assert.Equal(Math.Round(value * 255), value * 255, 1e-4));
    }

    [Fact]
    public void Targets_are_dequantized_anew_each_epoch_of_training_and_once_for_all_evaluations()
    {
        DataConfiguration data = new() { Source = new DigitsSource(), Binarization = Binarization.None };

        PixelTransform first = data.TrainingTransform(TargetKind.Dequantized, 1);
        PixelTransform other = data.TrainingTransform(TargetKind.Dequantized, 2);
        PixelTransform evaluation = data.EvaluationTransform(TargetKind.Dequantized);

        Assert.Equal(new RandomStream(1, RandomPurpose.Dequantization), first.Dequantization);
        Assert.NotEqual(first.Dequantization, other.Dequantization);
        Assert.Equal(new RandomStream(0, RandomPurpose.EvaluationDequantization), evaluation.Dequantization);
        foreach (TargetKind target in new[] { TargetKind.Binary, TargetKind.Levels, TargetKind.UnitInterval })
        {
            Assert.Null(data.TrainingTransform(target, 1).Dequantization);
            Assert.Null(data.EvaluationTransform(target).Dequantization);
        }
    }

    private static VaeConfiguration Configuration(string likelihood, int epochs)
    {
        string[] words = likelihood.Split(' ');
        string binarization = words[0] == "bernoulli" ? "dynamic" : "none";
        ModelConfiguration model = VaeConfiguration.Parse(
            "{}",
            likelihood,
            [
                "data.source=digits",
                $"data.binarization={binarization}",
                $"model.likelihood.kind={words[0]}",
                .. words.Skip(1).Select(word => $"model.likelihood.{word}"),
            ]).Model;
        VaeConfiguration tiny = TinyRun.Configuration;
        return tiny with
        {
            Data = tiny.Data with
            {
                Binarization = words[0] == "bernoulli" ? Binarization.Dynamic : Binarization.None,
                TrainImages = 360,
                Validation = 60,
                TestImages = 20,
            },
            Model = tiny.Vae() with { Likelihood = model.Likelihood },
            Train = tiny.Train with { Epochs = epochs, BatchSize = 50 },
        };
    }
}
