namespace Vae.Core.Training;

/// <summary>Training produced a value that is not finite. The message names the epoch, the step and the term.</summary>
internal sealed class DivergenceException : VaeException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="epoch">The epoch under way, from 1.</param>
    /// <param name="step">The update, from 1.</param>
    /// <param name="term">What is not finite: "loss", "KL", "weight decoder.output.bias", ….</param>
    /// <param name="value">Its value.</param>
    public DivergenceException(int epoch, long step, string term, double value)
        : base(
            FailureKind.Diverged,
            string.Create(CultureInfo.InvariantCulture, $"training diverged in epoch {epoch} at step {step}: the {term} is {value}"))
    {
        Epoch = epoch;
        Step = step;
        Term = term;
    }

    /// <summary>The epoch under way, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The update, from 1.</summary>
    public long Step { get; }

    /// <summary>What is not finite.</summary>
    public string Term { get; }
}
