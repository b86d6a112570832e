using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Vae.Benchmarks;

/// <summary>
/// Whole epochs of a run with everything that it writes: evaluation, metrics, curve, samples, checkpoints. PyTorch trains and evaluates and
/// writes nothing. It has its turn when the run tells that an epoch is done.
/// </summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Configuration">What is trained; whole batches only.</param>
internal sealed record EpochCase(string Name, string Title, VaeConfiguration Configuration) : BenchmarkCase(Name, Title)
{
    public override CaseResult Measure(BenchContext context)
    {
        DataRequest data = new() { Folder = context.Options.Data, Offline = true };
        VaeConfiguration configuration = context.Configure(Configuration);
        configuration = configuration with { Train = configuration.Train with { Epochs = context.Options.Rounds + 1 } };
        configuration = context.Options.Data is null
            ? configuration
            : configuration with { Data = configuration.Data with { Source = new MnistSource() } };
        DataSplits splits = configuration.Data.Load(data, CancellationToken.None);
        using TemporaryFile pixels = BenchmarkImages.Write(splits.Train);
        using TemporaryFile validation = BenchmarkImages.Write(splits.Validation);
        JsonObject specification = PeerSpecification.ForEpochs(configuration, splits.Train.Shape, pixels.Path, validation.Path);
        using PeerGroup peers = context.StartPeers(specification);
        using TemporaryFolder folder = new();
        Dictionary<string, List<double>> seconds =
            new(peers.Members.Select(peer => KeyValuePair.Create(peer.Name, new List<double>()))) { ["ours"] = [] };
        Stopwatch watch = Stopwatch.StartNew();

        void Observe(TrainingEvent told)
        {
            if (told is not EpochCompleted { Metrics.Epoch: int epoch })
            {
                return;
            }

            double taken = watch.Elapsed.TotalSeconds;
            (string Side, double Seconds)[] turns = [("ours", taken), .. peers.Members.Select(peer => (peer.Name, peer.RunEpochs(1)))];
            if (epoch > 1) // the first one loads, draws and compiles
            {
                foreach ((string side, double time) in turns)
                {
                    seconds[side].Add(time);
                }
            }

            watch.Restart();
        }

        TrainRequest request = new()
        {
            Configuration = configuration,
            Name = Name,
            RunFolder = Path.Combine(folder.Path, "run"),
            Device = context.Options.Device,
            Data = data,
        };
        Train.Start(request, Observe, CancellationToken.None);
        return new CaseResult
        {
            Name = Name,
            Title = Title,
            Unit = "epoch",
            ImagesPerUnit = splits.Train.Count,
            SecondsPerUnit = seconds.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray()),
            Peers = peers.Results,
            PeakBytes = PeakMemory.OfThisProcess(),
            Note = "all of a run but the terminal's lines and log.jsonl; PyTorch writes nothing",
        }.WithRatios();
    }
}
