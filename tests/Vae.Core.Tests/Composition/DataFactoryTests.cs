using Vae.Core.Composition;
using Vae.Core.Configuration;

namespace Vae.Core.Tests.Composition;

public class DataFactoryTests
{
    [Fact]
    public void The_wish_to_stop_reaches_the_source()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        DataConfiguration digits = new() { Source = DataSourceKind.Digits, TrainImages = 100, TestImages = 100, Validation = 10 };
        Assert.ThrowsAny<OperationCanceledException>(() => DataFactory.Load(digits, new DataRequest(), stop.Token));
        Assert.Equal(90, DataFactory.Load(digits, new DataRequest(), CancellationToken.None).Train.Count);
    }
}
