namespace Vae.Core.Tests.Engine;

public class ComputePrecisionTests
{
    private static readonly ComputeDevice Cpu = new(CPU, "asked for");

    [Fact]
    public void The_cpu_has_no_other_precision()
    {
        VaeException refused = Assert.Throws<VaeException>(() => ComputePrecision.Use(Precision.Tf32, Cpu));
        Assert.Equal(FailureKind.Usage, refused.Kind);
        Assert.Equal("train.precision: \"tf32\" is for a GPU, and the device is cpu (asked for); use \"float32\"", refused.Message);
    }

    [Fact]
    public void The_default_is_for_every_device() => ComputePrecision.Use(new TrainConfiguration().Precision, Cpu);
}
