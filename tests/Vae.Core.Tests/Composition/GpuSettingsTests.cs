namespace Vae.Core.Tests.Composition;

public class GpuSettingsTests
{
    private static readonly ComputeDevice Cpu = new(CPU, "asked for");

    [Fact]
    public void The_cpu_has_no_other_precision()
    {
        VaeException refused = Assert.Throws<VaeException>(() => GpuSettings.Apply(new TrainConfiguration { Precision = Precision.Tf32 }, Cpu));
        Assert.Equal(FailureKind.Usage, refused.Kind);
        Assert.Equal("train.precision: \"tf32\" is for a GPU, and the device is cpu (asked for); use \"float32\"", refused.Message);
    }

    [Fact]
    public void The_default_is_for_every_device() => GpuSettings.Apply(new TrainConfiguration(), Cpu);
}
