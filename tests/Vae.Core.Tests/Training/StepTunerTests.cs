namespace Vae.Core.Tests.Training;

[Collection(AloneCollection.Name)] // the readable step's threads are the process's
public sealed class StepTunerTests : IDisposable
{
    private static readonly int[] Counts = [1, 2, 3];
    private static readonly StepTuner Tuner = new() { Candidates = Counts };
    private static readonly int[] Batch = [.. Enumerable.Range(0, 9)];
    private readonly int _threadsInside = get_num_threads();

    public void Dispose() => set_num_threads(_threadsInside);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 1, 2, 3)]
    [InlineData(4, 1, 2, 4)]
    [InlineData(6, 1, 2, 4, 6)]
    [InlineData(64, 1, 2, 4, 8, 16, 32, 64)]
    public void Threads_are_tried_in_doubling_steps_and_all_at_last(int processors, params int[] expected) =>
        Assert.Equal(expected, StepTuner.CandidatesOf(processors));

    [Theory]
    [InlineData(1, 10.0, 10.0, 10.0)]
    [InlineData(1, 1.1, 1.0, 1.0)]     // two that gain a tenth, and may lose two thirds later
    [InlineData(1, 10.0, 8.1, 30.0)]
    [InlineData(2, 10.0, 8.0, 30.0)]   // a quarter more steps
    [InlineData(2, 10.0, 5.0, 4.1)]
    [InlineData(4, 10.0, 5.0, 4.0)]
    [InlineData(4, 10.0, 11.0, 4.0)]
    [InlineData(4, 10.0, 8.1, 7.9)]    // not a quarter faster than two, but than the one that two have to beat
    public void More_threads_must_pay_by_a_quarter(int expected, double one, double two, double four) =>
        Assert.Equal(expected, new ThreadTrials([(1, one), (2, two), (4, four)]).Fastest.Workers);

    [Theory]
    [InlineData(4, 4.9, null)]     // as its own trial said, or nearly
    [InlineData(4, 5.1, 2)]
    [InlineData(4, 30.0, 2)]       // the best of the fewer, as it was chosen in the first place
    [InlineData(2, 9.9, null)]
    [InlineData(2, 10.1, 1)]
    [InlineData(1, 100.0, null)]
    public void A_step_slower_than_fewer_threads_promised_gives_way_to_them(int workers, double seconds, int? expected) =>
        Assert.Equal(expected, new ThreadTrials([(1, 10), (2, 5), (4, 3)]).Fewer(workers, seconds)?.Workers);

    [Theory]
    [InlineData(0, 2, 6, 0)]                  // at once
    [InlineData(100, 2, 12, 1)]               // after another program's start
    [InlineData(200, 2, 18, 2)]
    [InlineData(int.MaxValue, 1, 18, 2)]      // a machine that stays busy, or a step too small to share
    public void One_thread_is_taken_only_after_a_second_and_a_third_look(int busyFor, int expected, int trials, int pauses)
    {
        int tried = 0;
        int paused = 0;
        ThreadTrials found = StepTuner.Compare([1, 2], Time, () => paused++);
        Assert.Equal(expected, found.Fastest.Workers);
        Assert.Equal((trials, pauses), (tried, paused));

        double Time(int workers)
        {
            tried++;
            return workers == 1 ? 1 : 100 * paused < busyFor ? 1.5 : 0.6;
        }
    }

    [Theory]
    [InlineData("dense", """ "optimizer": "adam" """)]
    [InlineData("dense", """ "optimizer": "adamax", "gradient_clip": 0.5 """)]
    [InlineData("dense", """ "optimizer": { "kind": "sgd", "momentum": 0.9 } """)]
    [InlineData("readable", """ "optimizer": "adam" """)]
    [InlineData("readable", """ "optimizer": "adamax", "gradient_clip": 0.5 """)]
    [InlineData("readable", """ "optimizer": { "kind": "sgd", "momentum": 0.9 } """)]
    public void Trying_leaves_no_trace_in_weights_optimizer_or_what_is_learned_next(string kind, string optimizer)
    {
        using StepSubject tuned = Build(kind, optimizer);
        using StepSubject untouched = Build(kind, optimizer);
        tuned.Train(3);
        untouched.Train(3);

        string told = Tuner.Tune(tuned.Step, tuned.Model, Batch).ToString();

        Assert.Contains(tuned.Step.Workers, Counts);
        Assert.All(Counts, count => Assert.Contains($"{count}: ", told, StringComparison.Ordinal));
        AssertSame(untouched, tuned);
        tuned.Step.Workers = 2;
        untouched.Step.Workers = 2;
        tuned.Train(5);
        untouched.Train(5);
        AssertSame(untouched, tuned);
    }

    [Fact]
    public void A_step_that_has_learned_nothing_yet_starts_from_nothing_afterwards()
    {
        using StepSubject subject = Build("dense", """ "optimizer": "adam" """);
        Tuner.Tune(subject.Step, subject.Model, Batch);

        Assert.Equal(0, subject.Step.Optimizer.StepCount);
        Assert.All(subject.OptimizerState().Values, values => Assert.All(values, value => Assert.Equal(0, value)));
    }

    [Fact]
    public void With_one_processor_there_is_nothing_to_try()
    {
        using StepSubject subject = Build("dense", """ "optimizer": "adam" """);
        subject.Step.Workers = 2;

        StepTuner single =
            new() { Candidates = StepTuner.CandidatesOf(1), Time = (_, _, _) => throw new InvalidOperationException("a trial") };
        Assert.Equal("one processor", single.Tune(subject.Step, subject.Model, Batch).ToString());
        Assert.Equal(1, subject.Step.Workers);
    }

    private static StepSubject Build(string kind, string optimizer)
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(
            $$"""
            { "data": { "source": "digits", "binarization": "dynamic" },
              "model": { "latent": 6, "prior": { "kind": "vamp", "pseudo_inputs": 7 },
                         "encoder": { "kind": "gated_mlp", "hidden": [20, 18] }, "decoder": { "kind": "gated_mlp", "hidden": [18, 20] } },
              "train": { "batch_size": 9, {{optimizer}} } }
            """,
            "a test");
        StepSubject subject = new(configuration, readable: kind != "dense");
        Assert.Equal(kind == "dense", subject.Step.Executor is DenseExecutor);
        return subject;
    }

    private static void AssertSame(StepSubject expected, StepSubject actual)
    {
        Assert.Equal(expected.Step.Optimizer.StepCount, actual.Step.Optimizer.StepCount);
        AssertSame(expected.Weights(), actual.Weights());
        AssertSame(expected.OptimizerState(), actual.OptimizerState());
    }

    private static void AssertSame(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach ((string name, float[] values) in expected)
        {
            Assert.True(values.AsSpan().SequenceEqual(actual[name]), name);
        }
    }
}
