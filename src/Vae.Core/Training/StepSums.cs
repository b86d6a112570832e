namespace Vae.Core.Training;

/// <summary>Sums over a batch in nats, under the weights before the update.</summary>
/// <param name="Loss">What was minimized.</param>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="Kl">KL(q(z|x)‖p(z)).</param>
public readonly record struct StepSums(double Loss, double Reconstruction, double Kl)
{
    /// <summary>Sums that a device may still be working out, [3] float32: loss, reconstruction, KL; null where the numbers are known.</summary>
    public Tensor? Pending { get; private init; }

    /// <summary>Sums to be read later, since reading waits for the device.</summary>
    /// <param name="sums">[3] float32; taken over.</param>
    public static StepSums On(Tensor sums) => new() { Pending = sums };
}
