using Vae.Core.Networks;

namespace Vae.Benchmarks;

/// <summary>Training steps, against the peers' and against their matrix products.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Configuration">What is trained.</param>
/// <param name="Side">Side of the images.</param>
internal sealed record StepCase(string Name, string Title, VaeConfiguration Configuration, int Side = 28) : BenchmarkCase(Name, Title)
{
    private int Batch => Configuration.Train.BatchSize;

    public override CaseResult Measure(BenchContext context)
    {
        ImageSet images = BenchmarkImages.Load(context.Options, Side, Batch);
        using OurStep ours = new(context.Configure(Configuration), images, context.Device);
        Contender our = Contender.Local("ours", ours.Run);
        (double bytes, long peak) = Memory(ours);
        using TemporaryFile pixels = BenchmarkImages.Write(images);
        using PeerGroup peers = context.StartPeers(PeerSpecification.ForTraining(Configuration, images.Shape, pixels.Path));
        using FloorChoice? floor = context.Device.IsCpu
            ? FloorChoice.Find(Configuration, images.Shape, context.Options.RoundSeconds)
            : null;
        List<Contender> contenders = [our, .. peers.Contenders];
        if (floor is not null)
        {
            contenders.Add(Contender.Local("floor", floor.Best.Run));
        }

        return new CaseResult
        {
            Name = Name,
            Title = Title,
            Unit = "step",
            ImagesPerUnit = Batch,
            SecondsPerUnit = context.Take(contenders),
            OurSetting = ours.Setting,
            Peers = peers.Results,
            FloorSetting = floor?.Best.Name,
            FloorTried = floor?.Tried,
            AllocatedBytesPerUnit = bytes,
            PeakBytes = peak,
            Note = Configuration.Model.Encoder is ConvConfiguration
                ? "the floor is the layers' own forward and backward passes through the library"
                : null,
        }.WithRatios();
    }

    private static (double BytesPerStep, long PeakBytes) Memory(OurStep ours)
    {
        const int WarmUp = 10;
        const int Steps = 50;
        ours.Run(WarmUp);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        ours.Run(Steps);
        double bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Steps;
        return (bytes, PeakMemory.OfThisProcess());
    }
}
