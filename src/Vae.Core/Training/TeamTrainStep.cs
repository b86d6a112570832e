using Vae.Core.Training.Optimizers;
using Vae.Core.Data;
using Vae.Core.Engine;

namespace Vae.Core.Training;

/// <summary>An update that a team of threads shares, each with a lane of its own. It takes no memory once it has seen a size of batch.</summary>
internal abstract class TeamTrainStep : TrainStep
{
    private readonly Action<int> _work;
    private int[] _images = [];
    private int _count;

    /// <summary>Starts with one worker.</summary>
    /// <param name="optimizer">Over the model's flat parameters.</param>
    /// <param name="loader">The training images.</param>
    /// <param name="noise">Where the posterior's draws come from.</param>
    protected TeamTrainStep(FlatOptimizer optimizer, BatchLoader loader, RandomStream noise)
    {
        Optimizer = optimizer;
        Loader = loader;
        Noise = noise;
        _work = Work;
    }

    /// <inheritdoc/>
    public override string Description => Team.Count == 1 ? $"{Kind}, 1 worker" : $"{Kind}, {Team.Count} workers";

    /// <inheritdoc/>
    public override int Workers
    {
        get => Team.Count;
        set
        {
            if (value != Team.Count)
            {
                WorkerTeam team = new(value);
                Team.Dispose();
                Team = team;
                TeamChanged();
            }
        }
    }

    /// <summary>How the update is computed, in a word or two.</summary>
    protected abstract string Kind { get; }

    /// <summary>The lanes of this batch, one a thread.</summary>
    protected abstract IReadOnlyList<ITeamLane> Lanes { get; }

    /// <summary>The threads.</summary>
    protected WorkerTeam Team { get; private set; } = new(1);

    /// <summary>Over the model's flat parameters.</summary>
    protected FlatOptimizer Optimizer { get; }

    /// <summary>The training images.</summary>
    protected BatchLoader Loader { get; }

    /// <summary>Where the posterior's draws come from.</summary>
    protected RandomStream Noise { get; }

    /// <summary>The batch, by index in the training set.</summary>
    protected ReadOnlySpan<int> Images => _images.AsSpan(0, _count);

    /// <summary>The epoch under way, from 1.</summary>
    protected int Epoch { get; private set; }

    /// <summary>Updates done before this one since the run began.</summary>
    protected long Step { get; private set; }

    /// <summary>The gradients of the last update by the parameters' names, where the step keeps them; for those who want to look.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Gradients() => Optimizer.Parameters.Views(Optimizer.Parameters.Gradients);

    /// <inheritdoc/>
    public override StepSums Run(ReadOnlySpan<int> images, int epoch, long step)
    {
        if (_images.Length < images.Length)
        {
            _images = new int[images.Length];
        }

        images.CopyTo(_images);
        _count = images.Length;
        Epoch = epoch;
        Step = step;
        Prepare();
        Optimizer.Begin();
        Team.Run(_work);
        return Sums();
    }

    /// <summary>What is done before the threads begin.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>What a thread does.</summary>
    /// <param name="worker">Which.</param>
    protected abstract void Work(int worker);

    /// <summary>The batch's figures, once all threads are done.</summary>
    protected virtual StepSums Sums()
    {
        (double loss, double reconstruction, double kl) = (0, 0, 0);
        for (int worker = 0; worker < Team.Count; worker++)
        {
            StepSums sums = Lanes[worker].Sums;
            loss += sums.Loss;
            reconstruction += sums.Reconstruction;
            kl += sums.Kl;
        }

        return new StepSums(loss, reconstruction, kl);
    }

    /// <summary>The number of threads is another one.</summary>
    protected abstract void TeamChanged();

    /// <summary>The factor that brings all lanes' gradients to the limit of their norm; where there is one, the team meets first.</summary>
    protected float ClipFactor()
    {
        if (Optimizer.GradientClip == 0)
        {
            return 1;
        }

        Team.Meet(); // the squares of all gradients are there
        double squares = 0;
        for (int worker = 0; worker < Team.Count; worker++)
        {
            squares += Lanes[worker].GradientSquares;
        }

        return Optimizer.ClipFactor(squares);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Team.Dispose();
        }

        base.Dispose(disposing);
    }
}
