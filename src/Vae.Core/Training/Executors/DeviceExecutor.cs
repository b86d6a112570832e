namespace Vae.Core.Training.Executors;

/// <summary>
/// The same with images, order, draws and optimizer on the device. The host sends work and a few numbers, and waits for nothing; whoever
/// wants the figures reads many of them at once.
/// </summary>
/// <param name="problem">Its images are to <see cref="ResidentImages.Fit"/>.</param>
internal sealed class DeviceExecutor(TrainingProblem problem) : PlainExecutor(problem)
{
    private readonly TrainingProblem _problem = problem;
    private readonly ResidentImages _images =
        new(problem.Loader.Images, problem.Loader.Transform, problem.Model.parameters().First().device);
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
        Noise.SeedDevice(_problem.Noise with { Purpose = RandomPurpose.Binarization }, Step);
        return _images.Load(indices, Images);
    }
}

/// <summary>An epoch's order of images on the device, copied there once; a batch is a slice of it.</summary>
internal sealed class DeviceOrder(ulong seed, int count, Device device) : IDisposable
{
    private int _epoch = -1;
    private int[] _order = [];
    private Tensor? _onDevice;

    /// <summary>The batch's indices, [B] int64 on the device.</summary>
    public Tensor Of(ReadOnlySpan<int> images, int epoch)
    {
        if (epoch != _epoch)
        {
            _onDevice?.Dispose();
            _order = BatchOrder.Permutation(seed, epoch, count);
            _onDevice = Copy(_order).DetachFromDisposeScope();
            _epoch = epoch;
        }

        int start = _order.AsSpan().IndexOf(images);
        return start >= 0 ? _onDevice!.narrow(0, start, images.Length) : Copy(images); // another order than the epoch's: a trial's
    }

    public void Dispose() => _onDevice?.Dispose();

    private Tensor Copy(ReadOnlySpan<int> indices)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor(indices.ToArray()).to_type(ScalarType.Int64).to(device).MoveToOuterDisposeScope();
    }
}
