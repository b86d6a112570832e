namespace Vae.Core.Tests.Support;

/// <summary>
/// A run stopped in the middle of its second epoch, and the same run that went on to a later step of that epoch. Both have gone back
/// after a divergence and waited for a better ELBO, as far as they know, so that no piece of their state has the value it began with.
/// </summary>
public sealed class InterruptedRun : IDisposable
{
    /// <summary>Where all comparisons are made; an epoch has 9 steps.</summary>
    public const int LastStep = 14;

    private const int FirstStep = 10;
    private const int StoppedStep = 12;

    private readonly TemporaryFolder _folder = new();

    public InterruptedRun()
    {
        VaeConfiguration configuration = TinyRun.Configuration with
        {
            Train = TinyRun.Configuration.Train with { CheckpointEverySteps = 1, EmaDecay = 0.9 },
        };
        GoOnUntil(FirstStep, (observer, stop) => TinyRun.Train(_folder["start"], configuration, observer, stop));
        CheckpointEdit.Apply(Checkpoint(_folder["start"]), edit =>
        {
            foreach (string piece in new[] { "rewinds", "stale_epochs", "plateau_epochs", "rate_reductions" })
            {
                edit.Progress[piece] = 1;
            }
        });
        Copy(_folder["start"], _folder["whole"]);
        GoOn(_folder["whole"], LastStep);
        EndOfWhole = CheckpointDigest.Of(Checkpoint(_folder["whole"]));
        Copy(_folder["start"], _folder["stopped"]);
        GoOn(_folder["stopped"], StoppedStep);
    }

    /// <summary>Weights, optimizer state and progress of the run that was not stopped, at <see cref="LastStep"/>.</summary>
    public IReadOnlyList<string> EndOfWhole { get; }

    /// <summary>A copy of the stopped run.</summary>
    public void CopyTo(string folder) => Copy(_folder["stopped"], folder);

    /// <summary>The newest checkpoint of a run.</summary>
    public static string Checkpoint(string run) => Path.Combine(run, "checkpoints", "last.safetensors");

    /// <summary>Resumes a run up to a step.</summary>
    public static void GoOn(string run, long step) =>
        GoOnUntil(step, (observer, stop) => TinyRun.Resume(run, observer: observer, stop: stop));

    public void Dispose() => _folder.Dispose();

    private static void GoOnUntil(long step, Func<Action<TrainingEvent>, CancellationToken, TrainingOutcome> train)
    {
        using CancellationTokenSource stop = new();
        TrainingOutcome outcome = train(
            happened =>
            {
                if (happened is CheckpointSaved saved && saved.Step >= step)
                {
                    stop.Cancel();
                }
            },
            stop.Token);
        Assert.True(outcome.Interrupted);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
