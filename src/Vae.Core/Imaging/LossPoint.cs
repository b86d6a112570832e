namespace Vae.Core.Imaging;

/// <summary>What training reached at the end of one epoch; all terms in nats per image, means over the split.</summary>
/// <param name="Epoch">Epochs done; a fraction where a measurement falls within one.</param>
/// <param name="TrainElbo">ELBO on the training split, higher is better.</param>
/// <param name="TrainReconstruction">E[log p(x|z)] on the training split, higher is better.</param>
/// <param name="TrainKl">KL(q(z|x) ‖ p(z)) on the training split.</param>
/// <param name="ValidationElbo">ELBO on the validation split; null where it was not measured.</param>
/// <param name="ValidationReconstruction">E[log p(x|z)] on the validation split; null where it was not measured.</param>
/// <param name="ValidationKl">KL on the validation split; null where it was not measured.</param>
internal sealed record LossPoint(
    double Epoch,
    double TrainElbo,
    double TrainReconstruction,
    double TrainKl,
    double? ValidationElbo = null,
    double? ValidationReconstruction = null,
    double? ValidationKl = null);
