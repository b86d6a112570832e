namespace Vae.Core.Engine;

/// <summary>
/// What a random number is drawn for. Each purpose has a stream of its own, so that drawing more for one never shifts another.
/// The numbers enter the generator's key: they are part of what a seed means and never change.
/// </summary>
public enum RandomPurpose
{
    /// <summary>Initial weights.</summary>
    ParameterInitialization = 1,

    /// <summary>The order of the training images in an epoch.</summary>
    BatchOrder = 2,

    /// <summary>A random division of a data set.</summary>
    Split = 3,

    /// <summary>Pixels drawn from grey values while training.</summary>
    Binarization = 4,

    /// <summary>The noise of reparameterized posterior samples while training.</summary>
    PosteriorNoise = 5,

    /// <summary>Pixels drawn once from grey values for evaluation.</summary>
    EvaluationBinarization = 6,

    /// <summary>The noise of posterior samples in evaluation.</summary>
    EvaluationNoise = 7,

    /// <summary>Latent points drawn from the prior.</summary>
    PriorSample = 8,

    /// <summary>Pixels drawn from the likelihood.</summary>
    PixelSample = 9,

    /// <summary>The shapes of the drawn digits.</summary>
    Digits = 10,

    /// <summary>Uniform noise that makes integer pixels continuous while training.</summary>
    Dequantization = 11,

    /// <summary>Starting points of a mixture that is fitted to codes.</summary>
    MixtureInitialization = 12,

    /// <summary>The component of a mixture prior that a latent point is drawn from.</summary>
    PriorComponent = 15,

    /// <summary>Uniform noise drawn once that makes integer pixels continuous for evaluation.</summary>
    EvaluationDequantization = 16,

    /// <summary>What an objective draws itself while training, samples of the prior for example.</summary>
    ObjectiveNoise = 20,

    /// <summary>Where the parameters of a learned prior start.</summary>
    PriorInitialization = 21,
}
