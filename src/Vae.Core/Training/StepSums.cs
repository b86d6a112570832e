namespace Vae.Core.Training;

/// <summary>Sums over a batch in nats, under the weights before the update.</summary>
/// <param name="Loss">What was minimized.</param>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="Kl">KL(q(z|x)‖p(z)).</param>
internal readonly record struct StepSums(double Loss, double Reconstruction, double Kl)
{
    /// <summary>Sums of the model's own figures, one after another.</summary>
    public ReadOnlyMemory<double> Further { get; init; }

    /// <summary>All sums in one row, which a device may still be working out; null where the numbers are known.</summary>
    public Tensor? Pending { get; private init; }

    /// <summary>Sums to be read later, since reading waits for the device.</summary>
    /// <param name="sums">[3 + …]: loss, reconstruction, KL, the model's own; taken over.</param>
    public static StepSums On(Tensor sums) => new() { Pending = sums };

    /// <summary>Sums that are known, in the same order.</summary>
    public static StepSums Of(ReadOnlyMemory<double> sums) => new(sums.Span[0], sums.Span[1], sums.Span[2]) { Further = sums[3..] };
}
