using TorchSharp;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Objectives;
using Vae.Core.Tests.Support;
using Vae.Core.Training;
using Vae.Core.Training.Resident;
using static TorchSharp.torch;

namespace Vae.Core.Tests.Training.Resident;

/// <summary>Updates on the device, with the CPU in its place, and recordings by <see cref="FakeGraphs"/>.</summary>
[Collection(AloneCollection.Name)] // draws come from the library's default generator, of which a process has one
public class ResidentTrainStepTests
{
    private const int Images = 20;
    private const int BatchSize = 8; // two whole batches and one of 4 an epoch
    private const int Steps = 12;
    private static readonly AdamOptions Options = new(0.01, 0.9, 0.999, 1e-8);

    [Fact]
    public void Two_runs_of_one_seed_are_the_same_and_of_two_seeds_are_not()
    {
        (double[] first, float[] weights) = Train(seed: 1);
        (double[] second, float[] again) = Train(seed: 1);
        Assert.Equal(first, second);
        Assert.Equal(weights, again);
        Assert.NotEqual(weights, Train(seed: 2).Weights);
    }

    [Fact]
    public void The_loss_falls()
    {
        (double[] losses, _) = Train(seed: 1, steps: 150);
        Assert.True(losses[^3..].Average() < 0.9 * losses[..3].Average());
    }

    [Fact]
    public void Recorded_updates_are_the_usual_ones_to_the_last_bit()
    {
        FakeGraphs graphs = new();
        List<string> notices = [];
        (double[] losses, float[] weights) = Train(seed: 1, graphs: graphs, notices: notices);
        (double[] usual, float[] usualWeights) = Train(seed: 1);

        Assert.Equal(usual, losses);
        Assert.Equal(usualWeights, weights);
        Assert.Equal(["updates are launched as one CUDA graph"], notices);
        Assert.Equal(1, graphs.Recordings);
        Assert.Equal(RecordedUpdate.WarmUpdates + 1, graphs.SideStreams);

        // Of 12 updates 8 have a whole batch; 3 of them warm up, and the trial replays twice.
        Assert.Equal(8 - RecordedUpdate.WarmUpdates + 2, graphs.Replays);
    }

    [Fact]
    public void A_recording_that_repeats_its_draws_is_found_out_and_leaves_no_trace()
    {
        FakeGraphs graphs = new() { RepeatsDraws = true };
        List<string> notices = [];
        (double[] losses, float[] weights) = Train(seed: 1, graphs: graphs, notices: notices);
        (double[] usual, float[] usualWeights) = Train(seed: 1);

        Assert.Equal(usual, losses);
        Assert.Equal(usualWeights, weights);
        Assert.StartsWith("updates are not launched as a CUDA graph: the recorded update ", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal((1, 2), (graphs.Recordings, graphs.Replays));
    }

    [Fact]
    public void A_recording_that_fails_is_told_and_leaves_no_trace()
    {
        FakeGraphs graphs = new() { RecordingFailure = "operation not permitted when stream is capturing\nand more" };
        List<string> notices = [];
        (double[] losses, float[] weights) = Train(seed: 1, graphs: graphs, notices: notices);
        (double[] usual, float[] usualWeights) = Train(seed: 1);

        Assert.Equal(usual, losses);
        Assert.Equal(usualWeights, weights);
        Assert.Equal(["updates are not launched as a CUDA graph: operation not permitted when stream is capturing"], notices);
        Assert.Equal((1, 0), (graphs.Recordings, graphs.Replays));
    }

    public static TheoryData<Objective> Changing { get; } =
    [
        new ElboObjective(new BetaSchedule(1, WarmupSteps: 10)),
        new ElboObjective(new BetaSchedule(4, WarmupSteps: 3, CycleSteps: 5)),
        new FreeBitsObjective(0.1, new BetaSchedule(1, WarmupSteps: 10)),
        new BetaTcObjective(Images, new BetaSchedule(6, WarmupSteps: 10)),
        new CapacityObjective(10, 5, RiseSteps: 10),
    ];

    [Theory]
    [MemberData(nameof(Changing))]
    public void A_recording_follows_an_objective_that_changes(Objective objective)
    {
        FakeGraphs graphs = new();
        (double[] losses, float[] weights) = Train(seed: 1, graphs: graphs, objective: objective);
        (double[] usual, float[] usualWeights) = Train(seed: 1, objective: objective);
        Assert.Equal(usual, losses);
        Assert.Equal(usualWeights, weights);
        Assert.Equal(8 - RecordedUpdate.WarmUpdates + 2, graphs.Replays);
    }

    [Fact]
    public void An_objective_with_draws_of_its_own_is_not_recorded()
    {
        FakeGraphs graphs = new();
        Train(seed: 1, graphs: graphs, objective: new MmdObjective(1, 10, MmdKernel.InverseMultiquadratic, 1));
        Assert.Equal((0, 0), (graphs.Recordings, graphs.Replays));
    }

    [Fact]
    public void A_divergence_at_the_trial_says_nothing_of_the_recording()
    {
        FakeGraphs graphs = new();
        List<string> notices = [];
        (double[] losses, _) = Train(seed: 1, graphs: graphs, notices: notices, prepare: model => model.parameters().First().detach().fill_(double.NaN));
        Assert.All(losses, loss => Assert.False(double.IsFinite(loss)));
        Assert.Empty(notices);
        Assert.Equal(0, graphs.Recordings);
    }

    [Fact]
    public void Another_order_than_the_epochs_is_taken_as_it_is()
    {
        using ResidentOrder order = new(seed: 1, count: Images, CPU);
        using DisposeScope scope = NewDisposeScope();
        int[] epoch = BatchOrder.Permutation(1, 3, Images);
        Assert.Equal(epoch[8..16].Select(i => (long)i), order.Of(epoch.AsSpan(8, 8), 3).data<long>().ToArray());
        Assert.Equal(epoch[16..].Select(i => (long)i), order.Of(epoch.AsSpan(16), 3).data<long>().ToArray());
        Assert.Equal([4L, 4, 0, 19], order.Of([4, 4, 0, 19], 3).data<long>().ToArray());
    }

    private static (double[] Losses, float[] Weights) Train(
        ulong seed, int steps = Steps, FakeGraphs? graphs = null, List<string>? notices = null, Objective? objective = null, Action<nn.Module>? prepare = null)
    {
        using SmallModel small = new();
        small.Model.to(ScalarType.Float32);
        prepare?.Invoke(small.Model);
        using CapturableAdam optimizer = new(small.Model, Options);
        PixelTransform transform = new(Binarization.Dynamic, new RandomStream(seed, RandomPurpose.Binarization));
        using ResidentTrainStep step = new(
            small.Model, objective ?? new ElboObjective(new BetaSchedule(1)), optimizer, Grey(), transform, new RandomStream(seed, RandomPurpose.PosteriorNoise),
            recording: graphs is null ? null : new Recording(graphs, BatchSize, message => notices?.Add(message)));
        List<double> losses = [];
        int inEpoch = BatchOrder.BatchCount(Images, BatchSize);
        for (int i = 0; i < steps; i++)
        {
            int[] order = BatchOrder.Permutation(seed, 1 + (i / inEpoch), Images);
            int start = i % inEpoch * BatchSize;
            int count = Math.Min(BatchSize, Images - start);
            using Tensor sums = step.Run(order.AsSpan(start, count), 1 + (i / inEpoch), i).Pending!;
            losses.Add(sums.data<float>()[0] / count);
        }

        return ([.. losses], [.. small.Model.parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())]);
    }

    // Nearly black and nearly white pixels in two patterns, so that there is something to learn.
    private static ImageSet Grey()
    {
        byte[] pixels = [.. Enumerable.Range(0, Images * SmallModel.Pixels).Select(i => (byte)(i / SmallModel.Pixels % 2 == i % 2 ? 240 : 15))];
        return new ImageSet("test", new ImageShape(1, 1, SmallModel.Pixels), pixels);
    }
}
