using TorchSharp;
using Vae.Core.Engine;
using static TorchSharp.torch;

namespace Shims.Tests;

/// <summary>What the shim can do beyond TorchSharp, as Vae.Core finds it.</summary>
public class AccelerationTests
{
    [ShimFact]
    public void Automatic_casts_compute_in_bfloat16_and_end_with_their_scope()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Null(Acceleration.Autocast.Obstacle(CPU));
        Tensor input = randn(3, 4), weight = randn(5, 4).requires_grad_();
        using (Acceleration.Autocast.BFloat16(CPU))
        {
            Tensor product = nn.functional.linear(input, weight);
            Assert.Equal(ScalarType.BFloat16, product.dtype);
            product.to_type(ScalarType.Float32).sum().backward();
        }

        Assert.Equal(ScalarType.Float32, weight.grad!.dtype);
        Assert.Equal(ScalarType.Float32, nn.functional.linear(input, weight).dtype);
    }

    [ShimFact]
    public void Graphs_are_for_cuda_devices_and_fail_in_words_without_one()
    {
        Assert.Equal("the device is no CUDA device", Acceleration.Graphs.Obstacle(CPU));
        if (!cuda.is_available())
        {
            Assert.ThrowsAny<System.Runtime.InteropServices.ExternalException>(() => Acceleration.Graphs.OnSideStream(new Device(DeviceType.CUDA, 0)));
        }
    }
}
