using System.Globalization;

namespace Vae.Core.Tests.Configuration;

public class ConfigurationWriterTests
{
    private static readonly VaeConfiguration Digits = new() { Data = new() { Source = new DigitsSource() } };

    /// <summary>No key at its default.</summary>
    private static readonly VaeConfiguration Unusual = new()
    {
        Description = "β, \"quoted\" \\ and <b>",
        Data = new()
        {
            Source = new FashionMnistSource(),
            Binarization = Binarization.Threshold,
            Validation = 17,
            TrainImages = 1234,
            TestImages = 5,
        },
        Model = new GaussianVaeConfiguration
        {
            Latent = 3,
            Posterior = new(-6, 2),
            Encoder = new MlpConfiguration { Hidden = [], Activation = Activation.LeakyRelu, Normalization = Normalization.Layer },
            Decoder = new MlpConfiguration { Hidden = [3, 2, 1], Activation = Activation.Gelu, Normalization = Normalization.Layer },
            Initializer = Initializer.Orthogonal,
            OutputBias = OutputBias.DataMean,
        },
        Objective = new ElboObjective { Beta = 0.1 + 0.2, WarmupEpochs = 9, CycleEpochs = 12 },
        Train = new()
        {
            Epochs = 7,
            BatchSize = 11,
            LearningRate = 1.0 / 3,
            Optimizer = new AdamConfiguration { Beta1 = 0.1, Beta2 = 0.2, Epsilon = double.Epsilon },
            GradientClip = 2.5,
            EmaDecay = 0.999,
            Patience = 4,
            Seed = long.MaxValue,
            Threads = 3,
            Precision = Precision.Tf32,
            CheckpointEverySteps = 8,
            OnDivergence = DivergencePolicy.Rewind,
        },
        Output = new() { Runs = "elsewhere/é", SampleEvery = 0, Samples = 9 },
    };

    [Fact]
    public void The_whole_configuration_is_written_in_a_fixed_order() =>
        Assert.Equal(
            """
            {
              "description": null,
              "data": {
                "source": "digits",
                "binarization": "dynamic",
                "validation": 10000,
                "train_images": null,
                "test_images": null
              },
              "model": {
                "latent": 20,
                "likelihood": {
                  "kind": "bernoulli"
                },
                "prior": {
                  "kind": "standard_normal"
                },
                "posterior": {
                  "log_variance_minimum": -30,
                  "log_variance_maximum": 30
                },
                "encoder": {
                  "kind": "mlp",
                  "hidden": [400],
                  "activation": "relu",
                  "normalization": "none"
                },
                "decoder": {
                  "kind": "mlp",
                  "hidden": [400],
                  "activation": "relu",
                  "normalization": "none"
                },
                "initializer": "pytorch",
                "output_bias": "initializer"
              },
              "objective": {
                "kind": "elbo",
                "beta": 1,
                "warmup_epochs": 0,
                "cycle_epochs": 0
              },
              "train": {
                "epochs": 20,
                "batch_size": 128,
                "learning_rate": 0.001,
                "schedule": {
                  "kind": "constant"
                },
                "optimizer": {
                  "kind": "adam",
                  "beta1": 0.9,
                  "beta2": 0.999,
                  "epsilon": 1E-08
                },
                "gradient_clip": 0,
                "ema_decay": 0,
                "patience": 0,
                "seed": 1,
                "threads": 0,
                "precision": "float32",
                "checkpoint_every_steps": 0,
                "on_divergence": "stop"
              },
              "output": {
                "runs": "runs",
                "sample_every": 1,
                "samples": 64
              }
            }

            """.ReplaceLineEndings("\n"),
            ConfigurationWriter.Write(Digits));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_reads_back_equal(bool indented)
    {
        foreach (VaeConfiguration? configuration in new[] { Digits, Unusual })
        {
            string text = ConfigurationWriter.Write(configuration, indented);

            Assert.Equal(configuration, VaeConfiguration.Parse(text, "FILE"));
            Assert.Equal(text, ConfigurationWriter.Write(VaeConfiguration.Parse(text, "FILE"), indented));
            Assert.Equal(!indented, !text.Contains('\n', StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_unusual_configuration_of_these_tests_has_no_key_at_its_default()
    {
        HashSet<string> differing = ConfigurationDifference.Between(Digits, Unusual).Select(difference => difference.Path).ToHashSet();
        int keys = ConfigurationWriter.Write(Digits).Split('\n')
            .Count(line => line.Contains(':', StringComparison.Ordinal) && !line.EndsWith('{'));
        const int KindsLeftAsTheyAre = 7; // so that both have the same keys

        Assert.Equal(keys - KindsLeftAsTheyAre, differing.Count);
    }

    [Fact]
    public void The_culture_does_not_matter()
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "minus";
        CultureInfo before = CultureInfo.CurrentCulture;
        string text = ConfigurationWriter.Write(Unusual);
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(text, ConfigurationWriter.Write(Unusual));
            Assert.Equal(Unusual, VaeConfiguration.Parse(text, "FILE"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Equal_configurations_have_no_difference_and_equal_hashes()
    {
        VaeConfiguration copy = VaeConfiguration.Parse(ConfigurationWriter.Write(Unusual), "FILE");

        Assert.Empty(ConfigurationDifference.Between(Unusual, copy));
        Assert.Equal(Unusual.GetHashCode(), copy.GetHashCode());
    }

    [Fact]
    public void Differences_name_the_key_and_both_values()
    {
        VaeConfiguration changed = Digits with
        {
            Model = Digits.Model with { Encoder = new MlpConfiguration { Hidden = [512, 256] } },
            Train = Digits.Train with { BatchSize = 64, Epochs = 40 },
            Output = Digits.Output with { Samples = 100 },
        };

        IReadOnlyList<ConfigurationDifference> differences = ConfigurationDifference.Between(Digits, changed);

        Assert.Equal(
            [
                "model.encoder.hidden is [512, 256], was [400]", "train.epochs is 40, was 20", "train.batch_size is 64, was 128",
                "output.samples is 100, was 64",
            ],
            differences.Select(difference => difference.ToString()));
        Assert.Equal([false, true, false, true], differences.Select(difference => VaeConfiguration.MayChangeOnResume(difference.Path)));
    }

    [Fact]
    public void Only_epochs_patience_rounding_output_and_description_may_change_on_resume() =>
        Assert.Equal(
            [
                "description", "train.epochs", "train.patience", "train.threads", "train.precision",
                "output.runs", "output.sample_every", "output.samples",
            ],
            ConfigurationDifference.Between(Digits, Unusual)
                .Where(difference => VaeConfiguration.MayChangeOnResume(difference.Path)).Select(difference => difference.Path));

    [Fact]
    public void A_list_is_equal_to_another_when_its_items_are()
    {
        ValueList<int> list = [1, 2, 3];

        Assert.True(list.Equals(ValueList.Create<int>([1, 2, 3])));
        Assert.False(list.Equals(ValueList.Create<int>([1, 2])));
        Assert.False(list.Equals(ValueList.Create<int>([1, 2, 4])));
        Assert.False(list.Equals(null));
        Assert.Equal("[1, 2, 3]", list.ToString());
    }
}
