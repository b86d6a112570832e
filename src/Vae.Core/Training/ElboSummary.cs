namespace Vae.Core.Training;

/// <summary>
/// Means over the images of one pass, in nats per image. Elbo = Reconstruction − Kl, higher is better;
/// Loss is what was minimized (the objective with its β), lower is better.
/// </summary>
/// <param name="Loss">The minimized objective.</param>
/// <param name="Elbo">E_q[log p(x|z)] − KL(q(z|x)‖p(z)), always with β = 1.</param>
/// <param name="Reconstruction">E_q[log p(x|z)], usually negative.</param>
/// <param name="Kl">KL(q(z|x)‖p(z)), never negative where it has a closed form.</param>
public sealed record ElboSummary(double Loss, double Elbo, double Reconstruction, double Kl);
