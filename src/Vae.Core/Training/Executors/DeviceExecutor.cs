using Vae.Core.Data;
using Vae.Core.Engine;

namespace Vae.Core.Training.Executors;

/// <summary>
/// The same with images, order, draws and optimizer on the device. The host sends work and a few numbers, and waits for nothing; whoever wants
/// the figures reads many of them at once.
/// </summary>
/// <param name="problem">Its images are to <see cref="ResidentImages.Fit"/>.</param>
internal sealed class DeviceExecutor(TrainingProblem problem) : PlainExecutor(problem)
{
    private readonly TrainingProblem _problem = problem;
    private readonly ResidentImages _images = new(problem.Loader.Images, problem.Loader.Transform, problem.Model.parameters().First().device);
    private readonly DeviceOrder _order =
        new((ulong)problem.Train.Seed, problem.Loader.Images.Count, problem.Model.parameters().First().device);

    public override string Name => "autograd, images on the device";

    public override void Dispose()
    {
        _order.Dispose();
        _images.Dispose();
        base.Dispose();
    }

    protected override Batch Load()
    {
        Tensor indices = _order.Of(Images, Epoch); // [B]
        DeviceNoise.Seed(_problem.Noise with { Purpose = RandomPurpose.Binarization }, Step);
        return _images.Load(indices, Images);
    }
}
