namespace Vae.Core.Training;

/// <summary>One thread's part of an update.</summary>
internal interface ITeamLane : IDisposable
{
    /// <summary>Sums over the lane's images.</summary>
    StepSums Sums { get; }

    /// <summary>Σ of the squares of the gradients that are the lane's, once they are there.</summary>
    double GradientSquares { get; }
}
