namespace Vae.Core.Tests.Training.Executors;

public class PlainExecutorTests
{
    [Theory]
    [InlineData("standard_normal")]
    [InlineData("mixture")]
    [InlineData("vamp")]
    public void The_figures_are_those_of_the_weights_before_the_update(string prior)
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallModel small = new(prior);
        small.Model.to(ScalarType.Float32);
        RandomStream noise = new(3, RandomPurpose.PosteriorNoise);
        Tensor images = SmallModel.Images(4).to_type(ScalarType.Float32);
        BatchLoader loader = new(Images(images), new PixelTransform(Binarization.Threshold, noise), CPU);
        Terms before = small.Model.Terms(images, Noise.ForTraining(noise, 1, 0, [0, 1, 2, 3], 1, SmallModel.Latent, CPU));
        float[] expected = [before.Reconstruction().sum().ToSingle(), before.Kl().sum().ToSingle()];

        using TrainStep step = Step(small.Model, new ElboObjective { Beta = 1 }, loader);
        float[] figures = step.Run([0, 1, 2, 3], epoch: 1, step: 0).Pending!.data<float>().ToArray();

        Assert.Equal(expected, figures[1..]);
        Assert.Equal(expected[1] - expected[0], figures[0], 4);
    }

    [Fact]
    public void Pseudo_inputs_are_encoded_once_a_step_also_where_the_terms_are_wanted_twice()
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallModel small = new();
        int encoded = 0;
        GaussianEncoder encoder = new MlpConfiguration { Hidden = [4], Activation = Activation.Tanh }
            .BuildEncoder(new ImageShape(1, 1, SmallModel.Pixels), SmallModel.Latent);
        VampPrior prior = new(SmallModel.Latent, zeros(3, SmallModel.Pixels), input =>
        {
            encoded++;
            return encoder.forward(input);
        });
        using VariationalAutoencoder model = new(encoder, small.Model.Decoder, prior, small.Model.Likelihood);
        model.to(ScalarType.Float32);
        RandomStream noise = new(3, RandomPurpose.PosteriorNoise);
        BatchLoader loader = new(
            Images(SmallModel.Images(4).to_type(ScalarType.Float32)), new PixelTransform(Binarization.Threshold, noise), CPU);
        using TrainStep step = Step(model, new IwaeObjective { Samples = 3, Gradient = IwaeGradient.Dreg }, loader);

        step.Run([0, 1, 2, 3], epoch: 1, step: 0).Pending!.Dispose();

        Assert.Equal(1, encoded);
    }

    private static TrainStep Step(LatentModel model, Objective objective, BatchLoader loader)
    {
        TrainConfiguration train = new() { LearningRate = 0.5, Seed = 3 };
        return new TrainStep(new PlainExecutor(new TrainingProblem(model, objective, loader, train)), train, "asked for");
    }

    private static ImageSet Images(Tensor binary) => ImageSets.Of(
        new ImageShape(1, 1, SmallModel.Pixels), [.. binary.data<float>().ToArray().Select(value => value > 0 ? byte.MaxValue : (byte)0)]);
}
