namespace Vae.Core.Tests.Training.Executors;

/// <summary>Updates on the device, with the CPU in its place.</summary>
[Collection(AloneCollection.Name)] // draws come from the library's default generator, of which a process has one
public class DeviceExecutorTests
{
    private const int Images = 20;
    private const int BatchSize = 8; // two whole batches and one of 4 an epoch
    private const int Steps = 12;

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

    [Theory]
    [InlineData("elbo")]
    [InlineData("capacity")]
    public void An_objective_that_changes_is_at_each_update_that_of_the_update(string name)
    {
        Objective objective = name == "elbo"
            ? new ElboObjective { Beta = 4, WarmupEpochs = 3, CycleEpochs = 5 }
            : new CapacityObjective { Gamma = 10, Capacity = 5, RiseEpochs = 10 };
        (double[][] figures, _) = Figures(seed: 1, Steps, objective);
        for (int step = 0; step < Steps; step++)
        {
            double[] of = figures[step];
            Assert.Equal(objective.LossOf(of[1], of[2], [], step, 1), of[0], 1e-4);
        }
    }

    [Fact]
    public void What_an_objective_draws_itself_is_of_the_seed_too()
    {
        MmdObjective objective = new() { KlWeight = 1, MmdWeight = 10, Kernel = MmdKernel.Imq, Bandwidth = 1 };
        Assert.Equal(Figures(seed: 1, Steps, objective).Figures, Figures(seed: 1, Steps, objective).Figures);
    }

    [Fact]
    public void Another_order_than_the_epochs_is_taken_as_it_is()
    {
        using DeviceOrder order = new(seed: 1, count: Images, CPU);
        using DisposeScope scope = NewDisposeScope();
        int[] epoch = BatchOrder.Permutation(1, 3, Images);
        Assert.Equal(epoch[8..16].Select(i => (long)i), order.Of(epoch.AsSpan(8, 8), 3).data<long>().ToArray());
        Assert.Equal(epoch[16..].Select(i => (long)i), order.Of(epoch.AsSpan(16), 3).data<long>().ToArray());
        Assert.Equal([4L, 4, 0, 19], order.Of([4, 4, 0, 19], 3).data<long>().ToArray());
    }

    private static (double[] Losses, float[] Weights) Train(ulong seed, int steps = Steps)
    {
        (double[][] figures, float[] weights) = Figures(seed, steps, new ElboObjective { Beta = 1 });
        return ([.. figures.Select(of => of[0])], weights);
    }

    // Loss, reconstruction and KL of each update in nats per image, and the weights at the end.
    private static (double[][] Figures, float[] Weights) Figures(ulong seed, int steps, Objective objective)
    {
        using SmallModel small = new();
        small.Model.to(ScalarType.Float32);
        PixelTransform transform = new(Binarization.Dynamic, new RandomStream(seed, RandomPurpose.Binarization));
        // One step an epoch, for the objectives.
        TrainConfiguration train = new() { LearningRate = 0.01, Seed = (long)seed, BatchSize = Images };
        TrainingProblem problem = new(small.Model, objective, new BatchLoader(Grey(), transform, CPU), train);
        using TrainStep step = new(new DeviceExecutor(problem), train, "asked for");
        List<double[]> figures = [];
        int inEpoch = BatchOrder.BatchCount(Images, BatchSize);
        for (int i = 0; i < steps; i++)
        {
            int[] order = BatchOrder.Permutation(seed, 1 + (i / inEpoch), Images);
            int start = i % inEpoch * BatchSize;
            int count = Math.Min(BatchSize, Images - start);
            using Tensor sums = step.Run(order.AsSpan(start, count), 1 + (i / inEpoch), i).Pending!;
            figures.Add([.. sums.data<float>().ToArray().Select(sum => (double)sum / count)]);
        }

        return ([.. figures], [.. small.Model.parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())]);
    }

    // Nearly black and nearly white pixels in two patterns, so that there is something to learn.
    private static ImageSet Grey()
    {
        byte[] pixels =
            [.. Enumerable.Range(0, Images * SmallModel.Pixels).Select(i => (byte)(i / SmallModel.Pixels % 2 == i % 2 ? 240 : 15))];
        return ImageSets.Of(new ImageShape(1, 1, SmallModel.Pixels), pixels);
    }
}
