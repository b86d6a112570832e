using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Vae.Benchmarks;

/// <summary>
/// How long both sides train until the negative ELBO of the validation images is low enough: epoch by epoch in turn, so that what else the
/// machine does meets both alike; a side that is there waits. Time is that of the epochs and of the evaluation after each.
/// </summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="What">What is trained, for the table.</param>
/// <param name="Configuration">What is trained, and for how many epochs at most; whole batches only.</param>
/// <param name="Target">Nats to reach.</param>
internal sealed record NatsCase(string Name, string What, VaeConfiguration Configuration, double Target)
    : BenchmarkCase(Name, TitleOf(What, Target))
{
    public override string? Obstacle(BenchOptions options) => options.Against is not null
        ? "it is one long training, not a turn of some seconds"
        : options.Data is null ? "it trains on MNIST, and there is no --data DIR with its files" : null;

    public override CaseResult Measure(BenchContext context) =>
        context.Options.Nats is { } nats && nats != Target ? WithTarget(nats).Measure(context) : MeasureTarget(context);

    /// <summary>Trains the sides in turn, an epoch each, until every one has reached the target or may train no longer.</summary>
    /// <param name="epochs">What each side does in an epoch, in the order of the turns.</param>
    /// <param name="target">Nats.</param>
    /// <param name="most">Epochs at most.</param>
    internal static EpochPoint[][] TakeTurns(IReadOnlyList<Func<EpochPoint>> epochs, double target, int most)
    {
        List<EpochPoint>[] curves = [.. epochs.Select(_ => new List<EpochPoint>())];
        for (int epoch = 0; epoch < most; epoch++)
        {
            for (int side = 0; side < curves.Length; side++)
            {
                if (curves[side].Count == 0 || curves[side][^1].Nats > target)
                {
                    Thread.Sleep(Turns.Pause);
                    curves[side].Add(epochs[side]());
                }
            }
        }

        return [.. curves.Select(curve => curve.ToArray())];
    }

    /// <summary>The result that curves give: times and a ratio where the target was reached, and a word where it was not.</summary>
    internal CaseResult Summarize(IReadOnlyDictionary<string, EpochPoint[]> curves)
    {
        KeyValuePair<string, EpochPoint[]>[] reached = [.. curves.Where(side => side.Value[^1].Nats <= Target)];
        string[] missed =
        [
            .. curves.Except(reached).Select(side => string.Create(
                CultureInfo.InvariantCulture,
                $"{side.Key} did not get there in {side.Value.Length} epochs: {side.Value.Min(epoch => epoch.Nats):F2} nats at best")),
        ];
        CaseResult result = new()
        {
            Name = Name,
            Title = Title,
            Unit = "training",
            SecondsPerUnit = reached.ToDictionary(side => side.Key, side => new[] { side.Value.Sum(epoch => epoch.Seconds) }),
            Epochs = curves,
            Figures = curves.SelectMany(Figures).ToDictionary(),
            Note = string.Join("; ", ["from fresh weights, evaluations included; no checkpoint or file is written", .. missed]),
        };
        return missed.Length == 0 ? result.WithRatios() : result;
    }

    private static string TitleOf(string what, double target) => string.Create(CultureInfo.InvariantCulture, $"{what}, to {target} nats");

    private NatsCase WithTarget(double nats) => new(string.Create(CultureInfo.InvariantCulture, $"nats-{nats}"), What, Configuration, nats);

    private CaseResult MeasureTarget(BenchContext context)
    {
        DataSplits splits = Configuration.Data.Load(
            new DataRequest { Folder = context.Options.Data, Offline = true }, CancellationToken.None);
        using TemporaryFile pixels = BenchmarkImages.Write(splits.Train);
        using TemporaryFile validation = BenchmarkImages.Write(splits.Validation);
        JsonObject specification = PeerSpecification.ForEpochs(Configuration, splits.Train.Shape, pixels.Path, validation.Path);
        specification["initializer"] = PeerSpecification.InitializerName((GaussianVaeConfiguration)Configuration.Model);
        using PeerGroup peers = context.StartPeers(specification);
        using OurStep ours = new(context.Configure(Configuration), splits.Train, context.Device);
        List<(string Side, Func<EpochPoint> Epoch)> sides = [("ours", () => OurEpoch(ours, splits))];
        foreach (TunedPeer peer in peers.Members)
        {
            peer.StartAfresh();
            sides.Add((peer.Name, () => Told(peer.Name, peer.TrainEpoch())));
        }

        EpochPoint[][] curves = TakeTurns([.. sides.Select(side => side.Epoch)], Target, Configuration.Train.Epochs);
        return Summarize(sides.Zip(curves).ToDictionary(pair => pair.First.Side, pair => pair.Second)) with
        {
            OurSetting = ours.Setting,
            Peers = peers.Results,
            PeakBytes = PeakMemory.OfThisProcess(),
        };
    }

    private EpochPoint OurEpoch(OurStep ours, DataSplits splits)
    {
        Stopwatch watch = Stopwatch.StartNew();
        ours.Run(BatchOrder.BatchCount(splits.Train.Count, Configuration.Train.BatchSize));
        double elbo = ours.Evaluate(splits.Validation);
        return Told("ours", new EpochPoint(watch.Elapsed.TotalSeconds, -elbo));
    }

    // It takes long, so a line an epoch says how far it is.
    private static EpochPoint Told(string side, EpochPoint epoch)
    {
        Console.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"  {side}: {epoch.Nats:F2} nats after {epoch.Seconds:F1} s more"));
        return epoch;
    }

    private IEnumerable<KeyValuePair<string, Spread>> Figures(KeyValuePair<string, EpochPoint[]> side)
    {
        string name = side.Key == "ours" ? "vae" : PeerProgram.Titles[side.Key];
        return
        [
            new($"{name}: epochs", Spread.Of([side.Value.Length])),
            new($"{name}: seconds", Spread.Of([side.Value.Sum(epoch => epoch.Seconds)])),
            new($"{name}: seconds an epoch", Spread.Of(side.Value.Select(epoch => epoch.Seconds))),
            new($"{name}: −ELBO of the validation images then, nats", Spread.Of([side.Value[^1].Nats])),
        ];
    }
}

/// <summary>An epoch of training.</summary>
/// <param name="Seconds">It took, its evaluation included.</param>
/// <param name="Nats">−ELBO of the validation images after it.</param>
internal readonly record struct EpochPoint(double Seconds, double Nats);
