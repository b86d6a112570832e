namespace Vae.Core.Tests.Training.Executors;

/// <summary>
/// The executor with replicas is held to the readable one: same values, same gradients, whatever the model and the number of workers.
/// </summary>
public class ReplicasExecutorTests
{
    private const string Conv =
        """ "encoder": { "kind": "conv", "channels": [4, 6], "hidden": [9] },"""
        + """ "decoder": { "kind": "conv", "channels": [6, 4], "hidden": [9] } """;

    private const string Resnet =
        """ "encoder": { "kind": "resnet", "channels": [4, 8], "blocks": 1 },"""
        + """ "decoder": { "kind": "resnet", "channels": [8, 4], "blocks": 1 } """;

    private const string LayerNorm =
        """ "encoder": { "hidden": [20, 12], "normalization": "layer" }, "decoder": { "hidden": [12, 20], "normalization": "layer" } """;

    private const string Gelu =
        """ "encoder": { "hidden": [20], "activation": "gelu" }, "decoder": { "hidden": [20], "activation": "gelu" } """;

    private const string Dense = """ "encoder": { "hidden": [20] }, "decoder": { "hidden": [20] } """;

    private const string Tanh =
        """ "encoder": { "hidden": [20, 12], "activation": "tanh" }, "decoder": { "hidden": [12, 20], "activation": "tanh" } """;

    private const string Normal = "\"standard_normal\"";
    private const string Mixture = """{ "kind": "mixture", "components": 5 }""";
    private const string Vamp = """{ "kind": "vamp", "pseudo_inputs": 7 }""";
    private const string Elbo = """{ "kind": "elbo", "beta": 0.7 }""";
    private const string Bernoulli = "\"bernoulli\"";

    private static readonly (string Networks, string Prior, string Objective, string Likelihood)[] Subjects =
    [
        (Conv, Normal, Elbo, Bernoulli),
        (Conv, Vamp, Elbo, Bernoulli),
        (Conv, Mixture, """{ "kind": "iwae", "samples": 4 }""", Bernoulli),
        (Conv, Vamp, """{ "kind": "iwae", "samples": 3, "gradient": "dreg" }""", Bernoulli),
        (Conv, Normal, """{ "kind": "iwae", "samples": 3, "gradient": "stl" }""", Bernoulli),
        (
            Conv,
            Normal,
            """{ "kind": "iwae", "samples": 3, "gradient": "dreg" }""",
            """{ "kind": "gaussian", "variance": "learned_scalar" }"""),
        (Conv, Normal, """{ "kind": "elbo", "beta": 0 }""", Bernoulli),
        (Resnet, Normal, Elbo, Bernoulli),
        (Resnet, Normal, Elbo, "\"discretized_logistic\""),
        (LayerNorm, Normal, Elbo, Bernoulli),
        (Gelu, Mixture, Elbo, Bernoulli),
        (Dense, Normal, Elbo, """{ "kind": "gaussian", "variance": "learned_scalar" }"""),
        (Tanh, Mixture, Elbo, Bernoulli),
        (Tanh, Mixture, """{ "kind": "iwae", "samples": 4 }""", Bernoulli),
        (Tanh, Mixture, """{ "kind": "iwae", "samples": 3, "gradient": "dreg" }""", Bernoulli),
        (Tanh, Normal, """{ "kind": "iwae", "samples": 3, "gradient": "stl" }""", Bernoulli),
        (Tanh, Mixture, """{ "kind": "iwae", "samples": 3, "gradient": "stl" }""", Bernoulli),
        (Tanh, Vamp, """{ "kind": "iwae", "samples": 3, "gradient": "stl" }""", Bernoulli),
        (Dense, Normal, """{ "kind": "elbo", "beta": 0 }""", Bernoulli),
    ];

    public static TheoryData<int, int> Cases()
    {
        TheoryData<int, int> cases = [];
        for (int i = 0; i < Subjects.Length; i++)
        {
            foreach (int workers in new[] { 1, 2, 3 })
            {
                cases.Add(i, workers);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_the_readable_step(int subject, int workers)
    {
        VaeConfiguration configuration = Configuration(subject);
        using StepSubject readable = new(configuration, readable: true, ScalarType.Float64);
        using StepSubject parallel = new(configuration);
        TrainStep step = parallel.Step;
        Assert.IsType<ReplicasExecutor>(step.Executor);
        step.Workers = workers;
        int[] batch = [3, 1, 4, 15, 9, 2, 6];

        StepSums expected = StepSubject.Read(readable.Step.Run(batch, epoch: 2, step: 7));
        StepSums actual = step.Run(batch, epoch: 2, step: 7);

        // The networks' own rounding, in float32, is a change of importance weights, which the encoder's small gradient is a difference of.
        double ofOwnNorm = configuration.Objective is IwaeObjective ? 3e-5 : 1e-5;
        StepSubject.AssertSame(expected, readable.Gradients(), actual, parallel.FlatGradients(), ofOwnNorm);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "gradient_clip": 0.5""")]
    public void Ten_updates_lead_where_those_of_the_library_lead(string clip) => StepSubject.AssertLeadsWhereTheLibraryLeads(
        StepSubject.Configuration(Conv, Vamp, Elbo, train: $"\"optimizer\": \"adamax\"{clip}"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_number_of_workers_gives_the_same_bits_each_time(int workers) =>
        StepSubject.AssertRepeats(Configuration(3), workers, steps: 12, smallBatch: 2); // fewer images than workers, too

    [Fact]
    public void A_run_that_is_resumed_goes_on_bit_for_bit()
    {
        using StepSubject whole = new(Configuration(1));
        Run(whole, 0, 3);
        using StepSubject resumed = new(Configuration(1));
        using (no_grad())
        {
            resumed.Model.load_state_dict(whole.Model.state_dict());
            foreach (((string _, Tensor to), (string _, Tensor from)) in resumed.Step.Optimizer.State().Zip(whole.Step.Optimizer.State()))
            {
                to.copy_(from);
            }
        }

        resumed.Step.Optimizer.StepCount = whole.Step.Optimizer.StepCount;
        Run(whole, 3, 6);
        Run(resumed, 3, 6);

        Dictionary<string, float[]> found = resumed.Weights();
        Assert.All(whole.Weights(), entry => Assert.Equal(entry.Value, found[entry.Key]));

        static void Run(StepSubject subject, int first, int end)
        {
            subject.Step.Workers = 2;
            for (int step = first; step < end; step++)
            {
                subject.Step.Run([.. Enumerable.Range(step, 9)], 1, step);
            }
        }
    }

    [Fact]
    public void The_tuner_leaves_weights_and_optimizer_as_they_were()
    {
        using StepSubject subject = new(Configuration(0));
        subject.Step.Run([.. Enumerable.Range(0, 9)], 1, 0);
        Dictionary<string, float[]> before = subject.Weights();

        new StepTuner { Candidates = [1, 2, 3] }.Tune(subject.Step, subject.Model, [.. Enumerable.Range(0, 9)]);
        Dictionary<string, float[]> after = subject.Weights();
        subject.Step.Workers = 3;
        subject.Step.Run([.. Enumerable.Range(0, 9)], 1, 1);

        Assert.All(before, entry => Assert.Equal(entry.Value, after[entry.Key]));
        Assert.Equal(2, subject.Step.Optimizer.StepCount);
        Assert.All(subject.Weights(), entry => Assert.All(entry.Value, value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void Steps_leave_no_tensor_behind()
    {
        using StepSubject subject = new(Configuration(1));
        Run();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount; // of this thread, so with one worker
        Run();

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Run()
        {
            for (int step = 0; step < 3; step++)
            {
                subject.Step.Run([.. Enumerable.Range(0, 9)], 1, step);
            }
        }
    }

    [Theory]
    [InlineData("""{ "kind": "free_bits" }""", Bernoulli, "FreeBitsObjective looks at the batch")]
    [InlineData("""{ "kind": "capacity" }""", Bernoulli, "CapacityObjective looks at the batch")]
    [InlineData("""{ "kind": "beta_tc" }""", Bernoulli, "BetaTcObjective looks at the batch")]
    [InlineData("""{ "kind": "mmd" }""", Bernoulli, "MmdObjective looks at the batch")]
    [InlineData(Elbo, """{ "kind": "gaussian", "variance": "analytic" }""", "fitted to the batch")]
    public void What_looks_at_a_whole_batch_stays_with_the_readable_step(string objective, string likelihood, string words)
    {
        foreach (string networks in new[] { Conv, Dense })
        {
            using StepSubject subject = new(Configuration(networks, Normal, objective, likelihood));

            Assert.IsType<PlainExecutor>(subject.Step.Executor);
            Assert.Contains(words, subject.Step.Reason, StringComparison.Ordinal);
        }
    }

    private static VaeConfiguration Configuration(int subject) =>
        Configuration(Subjects[subject].Networks, Subjects[subject].Prior, Subjects[subject].Objective, Subjects[subject].Likelihood);

    private static VaeConfiguration Configuration(string networks, string prior, string objective, string likelihood) =>
        StepSubject.Configuration(networks, prior, objective, likelihood, likelihood == Bernoulli ? "dynamic" : "none");
}
