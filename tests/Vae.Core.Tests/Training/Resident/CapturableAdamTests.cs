using TorchSharp;
using Vae.Core.Tests.Support;
using Vae.Core.Training;
using Vae.Core.Training.Resident;
using static TorchSharp.torch;

namespace Vae.Core.Tests.Training.Resident;

public class CapturableAdamTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0, 0.5)]
    public void It_does_what_the_librarys_does(double weightDecay, double clip)
    {
        AdamOptions options = new(0.01, 0.9, 0.999, 1e-8, weightDecay);
        float[] library = Weights(model => Clipped(weightDecay > 0 ? new AdamWModelOptimizer(model, options) : new AdamModelOptimizer(model, options), model, clip));
        float[] ours = Weights(model => new CapturableAdam(model, options, clip));
        for (int i = 0; i < library.Length; i++)
        {
            Assert.Equal(library[i], ours[i], 2e-6f);
        }
    }

    [Fact]
    public void Its_state_has_the_librarys_names_and_counts()
    {
        using SmallModel small = new();
        AdamOptions options = new(0.01, 0.9, 0.999, 1e-8);
        using AdamModelOptimizer library = new(small.Model, options);
        using CapturableAdam ours = new(small.Model, options);
        Assert.Equal(library.State().Select(pair => pair.Name).Order(), ours.State().Select(pair => pair.Name).Order());
        Assert.Equal(library.State().Sum(pair => pair.Value.numel()), ours.State().Sum(pair => pair.Value.numel()));
        ours.Advance();
        Assert.Equal(1, ours.StepCount);
    }

    private static ModelOptimizer Clipped(ModelOptimizer optimizer, nn.Module model, double clip) =>
        clip > 0 ? new ClippingOptimizer(model, optimizer, clip) : optimizer;

    private static float[] Weights(Func<nn.Module, ModelOptimizer> create)
    {
        using SmallModel small = new();
        small.Model.to(ScalarType.Float32);
        using ModelOptimizer optimizer = create(small.Model);
        Tensor images = SmallModel.Images(4).to_type(ScalarType.Float32);
        for (int i = 0; i < 5; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            optimizer.LearningRate = 0.01 / (1 + i);
            optimizer.ZeroGradient();
            Tensor noise = SmallModel.Normal((ulong)i, 1, 4, SmallModel.Latent).to_type(ScalarType.Float32);
            var terms = small.Model.Terms(images, images, noise);
            (terms.Kl() - terms.Reconstruction()).sum().backward();
            optimizer.Step();
        }

        return [.. small.Model.parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())];
    }
}
