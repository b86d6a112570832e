namespace Vae.Core.Networks;

/// <summary>How the first weights of linear and convolutional layers are drawn.</summary>
public enum Initializer
{
    /// <summary>As PyTorch's layers do by default: weights and biases uniform within ±1/√fan-in.</summary>
    Pytorch,

    /// <summary>Weights normal with variance 2/fan-in, biases 0 (He et al. 2015), for ReLU and its kin.</summary>
    He,

    /// <summary>Weights uniform within ±√(6/(fan-in + fan-out)), biases 0 (Glorot and Bengio 2010), for tanh.</summary>
    Xavier,

    /// <summary>Weights with orthonormal rows, or columns where those are fewer, biases 0 (Saxe et al. 2014).</summary>
    Orthogonal,
}
