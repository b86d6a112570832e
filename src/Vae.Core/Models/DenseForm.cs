namespace Vae.Core.Models;

/// <summary>What the executor for dense layers needs to know of a Gaussian model that is made of them.</summary>
/// <param name="Encoder">The encoder's layers before its heads.</param>
/// <param name="Mean">The head of μ.</param>
/// <param name="LogVariance">The head of log σ², before its bound.</param>
/// <param name="Bound">That bound.</param>
/// <param name="Decoder">All layers of the decoder.</param>
/// <param name="PseudoInputs">u of the prior (1/C) Σ q(z|u), held to [0, 1], [C, P]; null for the prior N(0, I).</param>
internal sealed record DenseForm(
    IReadOnlyList<DenseBlock> Encoder,
    Linear Mean,
    Linear LogVariance,
    LogVarianceBound Bound,
    IReadOnlyList<DenseBlock> Decoder,
    Parameter? PseudoInputs);
