namespace Vae.Core.Tests.Training.Executors;

/// <summary>
/// The executor for dense layers is held to the readable one: same values, same gradients, whatever the model and the number of workers.
/// </summary>
public class DenseExecutorTests
{
    private static readonly string[] Networks =
    [
        """ "encoder": { "hidden": [33] }, "decoder": { "hidden": [17] } """,
        """ "encoder": { "hidden": [20, 12], "activation": "tanh" }, "decoder": { "hidden": [12, 20], "activation": "tanh" } """,
        """ "encoder": { "hidden": [20], "activation": "elu" }, "decoder": { "hidden": [20], "activation": "leaky_relu" } """,
        """ "encoder": { "hidden": [20], "activation": "softplus" }, "decoder": { "kind": "linear" } """,
        """ "encoder": { "kind": "gated_mlp", "hidden": [20, 18] }, "decoder": { "kind": "gated_mlp", "hidden": [18, 20] } """,
    ];

    private static readonly string[] Priors =
    [
        "\"standard_normal\"",
        """{ "kind": "vamp", "pseudo_inputs": 7 }""",
    ];

    private static readonly string[] Objectives =
    [
        """{ "kind": "elbo" }""",
        """{ "kind": "elbo", "beta": 0.3 }""",
        """{ "kind": "iwae", "samples": 4 }""",
        """{ "kind": "iwae", "samples": 3, "gradient": "dreg" }""",
    ];

    private static readonly string[] Likelihoods =
    [
        "\"continuous_bernoulli\"",
        """{ "kind": "gaussian", "variance": { "kind": "fixed", "sigma": 0.5 } }""",
        """{ "kind": "gaussian", "variance": "learned_pixel" }""",
        """{ "kind": "laplace", "scale": "learned_pixel" }""",
        "\"discretized_logistic\"",
    ];

    public static TheoryData<string, int> Cases()
    {
        TheoryData<string, int> cases = [];
        List<string> configurations =
        [
            .. Networks.Select(network => StepSubject.Json(network, Priors[0], Objectives[0])),
            .. Priors.SelectMany(prior => Objectives.Select(objective => StepSubject.Json(Networks[1], prior, objective))),
            .. Likelihoods.Select(likelihood => StepSubject.Json(Networks[0], Priors[0], Objectives[2], likelihood, "none")),
        ];
        foreach (string configuration in configurations.Distinct())
        {
            foreach (int workers in new[] { 1, 2, 3 })
            {
                cases.Add(configuration, workers);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_the_readable_step(string json, int workers)
    {
        VaeConfiguration configuration = KeepingGradients(VaeConfiguration.Parse(json, "a test"));
        using StepSubject readable = new(configuration, readable: true, ScalarType.Float64);
        using StepSubject fused = new(configuration);
        TrainStep step = fused.Step;
        Assert.IsType<DenseExecutor>(step.Executor);
        step.Workers = workers;
        int[] batch = [3, 1, 4, 15, 9, 2, 6];

        StepSums expected = StepSubject.Read(readable.Step.Run(batch, epoch: 2, step: 7));
        StepSums actual = step.Run(batch, epoch: 2, step: 7);

        StepSubject.AssertSame(expected, readable.Gradients(), actual, fused.FlatGradients());
    }

    [Theory]
    [InlineData(""" "optimizer": "adam" """)]
    [InlineData(""" "optimizer": { "kind": "adamw", "weight_decay": 0.1 } """)]
    [InlineData(""" "optimizer": "adamax" """)]
    [InlineData(""" "optimizer": { "kind": "sgd", "momentum": 0.9 } """)]
    [InlineData(""" "optimizer": { "kind": "sgd", "momentum": 0.9, "nesterov": true } """)]
    [InlineData(""" "optimizer": { "kind": "sgd", "momentum": 0 } """)]
    [InlineData(""" "optimizer": "adam", "gradient_clip": 0.5 """)]
    public void Ten_updates_lead_where_those_of_the_library_lead(string optimizer) =>
        StepSubject.AssertLeadsWhereTheLibraryLeads(StepSubject.Configuration(Networks[4], Priors[1], Objectives[0], train: optimizer));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Weights_are_the_same_bits_whether_gradients_are_kept_or_not(int workers)
    {
        VaeConfiguration configuration = StepSubject.Configuration(Networks[4], Priors[1], Objectives[2]);
        float[][] weights =
        [
            .. new[] { true, false }.Select(keeps =>
            {
                using StepSubject subject = new(keeps ? KeepingGradients(configuration) : configuration);
                TrainStep step = subject.Step;
                Assert.IsType<DenseExecutor>(step.Executor);
                step.Workers = workers;
                for (int i = 0; i < 3; i++)
                {
                    StepSubject.Read(step.Run([3, 1, 4, 15, 9, 2, 6], epoch: 1, step: i));
                }

                return subject.Weights().Values.SelectMany(values => values).ToArray();
            }),
        ];

        Assert.Equal(weights[0], weights[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_number_of_workers_gives_the_same_bits_each_time(int workers) =>
        StepSubject.AssertRepeats(StepSubject.Configuration(Networks[4], Priors[1], Objectives[2]), workers, steps: 20);

    [Fact]
    public void The_state_of_the_optimizer_has_the_names_and_shapes_of_the_library()
    {
        VaeConfiguration configuration = StepSubject.Configuration(Networks[0], Priors[^1], Objectives[0]);
        using StepSubject readable = new(configuration, readable: true);
        using StepSubject fused = new(configuration);

        Assert.Equal(
            readable.Step.Optimizer.State().Select(entry => $"{entry.Name} {string.Join('x', entry.Value.shape)}").Order(),
            fused.Step.Optimizer.State().Select(entry => $"{entry.Name} {string.Join('x', entry.Value.shape)}").Order());
    }

    [Theory]
    [InlineData(
        """ "encoder": { "kind": "conv", "channels": [4] }, "decoder": { "kind": "conv", "channels": [4] } """,
        """{ "kind": "elbo" }""",
        "\"bernoulli\"",
        "dense")]
    [InlineData(
        """ "encoder": { "hidden": [9], "normalization": "layer" }, "decoder": { "hidden": [9] } """,
        """{ "kind": "elbo" }""",
        "\"bernoulli\"",
        "dense")]
    [InlineData(
        """ "encoder": { "hidden": [9], "activation": "gelu" }, "decoder": { "hidden": [9] } """,
        """{ "kind": "elbo" }""",
        "\"bernoulli\"",
        "Gelu")]
    [InlineData(""" "encoder": { "hidden": [9] }, "decoder": { "hidden": [9] } """, """{ "kind": "beta_tc" }""", "\"bernoulli\"", "BetaTc")]
    [InlineData(
        """ "encoder": { "hidden": [9] }, "decoder": { "hidden": [9] } """,
        """{ "kind": "free_bits" }""",
        "\"bernoulli\"",
        "FreeBits")]
    [InlineData(
        """ "encoder": { "hidden": [9] }, "decoder": { "hidden": [9] } """,
        """{ "kind": "elbo", "beta": 0 }""",
        "\"bernoulli\"",
        "Elbo")]
    [InlineData(
        """ "encoder": { "hidden": [9] }, "decoder": { "hidden": [9] } """,
        """{ "kind": "iwae", "gradient": "stl" }""",
        "\"bernoulli\"",
        "Iwae")]
    [InlineData(
        """ "encoder": { "hidden": [9] }, "decoder": { "hidden": [9] } """,
        """{ "kind": "elbo" }""",
        """{ "kind": "gaussian", "variance": "analytic" }""",
        "scale")]
    public void What_is_not_for_dense_layers_says_why(string networks, string objective, string likelihood, string word)
    {
        string binarization = likelihood.Contains("bernoulli", StringComparison.Ordinal) ? "dynamic" : "none";
        VaeConfiguration configuration = StepSubject.Configuration(networks, Priors[0], objective, likelihood, binarization);
        using StepSubject subject = new(configuration);

        Assert.IsNotType<DenseExecutor>(subject.Step.Executor);
        Assert.Contains(word, subject.Step.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_no_piece_of_memory_holds_is_not_for_this_executor()
    {
        VaeConfiguration configuration = StepSubject.Configuration(Networks[0], Priors[0], Objectives[2]);

        Assert.Null(WhyNot(1_000, new ElboObjective()));
        Assert.Contains("too large", WhyNot(1_000_000, new ElboObjective()), StringComparison.Ordinal);
        Assert.Contains("too large", WhyNot(1_000, new IwaeObjective { Samples = 5_000 }), StringComparison.Ordinal);

        string? WhyNot(int images, Objective objective)
        {
            ImageSet set = ImageSets.Of(new ImageShape(1, 1, 1), new byte[images]);
            using StepSubject subject = new(configuration);
            BatchLoader loader = new(set, new PixelTransform(Binarization.Threshold, new RandomStream(1, RandomPurpose.Binarization)), CPU);
            TrainConfiguration train = new() { BatchSize = images };
            return DenseExecutor.WhyNot(new TrainingProblem(subject.Model, objective, loader, train));
        }
    }

    // With a limit of their norm, however high, gradients are there after the step; else they may be kept nowhere.
    private static VaeConfiguration KeepingGradients(VaeConfiguration configuration) =>
        configuration with { Train = configuration.Train with { GradientClip = 1e30 } };
}
