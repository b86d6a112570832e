using Vae.Core.Composition;
using Vae.Core.Configuration;
using Vae.Core.Engine;
using static TorchSharp.torch;

namespace Vae.Core.Tests.Composition;

public class GpuSettingsTests
{
    private static readonly ComputeDevice Cpu = new(CPU, "asked for");

    [Theory]
    [InlineData(Precision.Tf32, "tf32")]
    [InlineData(Precision.Bfloat16, "bfloat16")]
    public void The_cpu_has_no_other_precision(Precision precision, string name)
    {
        VaeException refused = Assert.Throws<VaeException>(() => GpuSettings.Apply(new TrainConfiguration { Precision = precision }, Cpu));
        Assert.Equal(FailureKind.Usage, refused.Kind);
        Assert.Equal($"train.precision: \"{name}\" is for a GPU, and the device is cpu (asked for); use \"float32\"", refused.Message);
    }

    [Fact]
    public void The_cpu_has_no_graphs()
    {
        VaeException refused = Assert.Throws<VaeException>(() => GpuSettings.Apply(new TrainConfiguration { CudaGraphs = true }, Cpu));
        Assert.Equal(FailureKind.Usage, refused.Kind);
    }

    [Fact]
    public void The_default_is_for_every_device() => GpuSettings.Apply(new TrainConfiguration(), Cpu);

    [Fact]
    public void Without_the_shims_extension_there_is_neither()
    {
        Assert.NotNull(new NoStepGraphs().Obstacle(CPU));
        Assert.NotNull(new NoAutocast().Obstacle(CPU));
    }
}
