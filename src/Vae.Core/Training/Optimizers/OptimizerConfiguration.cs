namespace Vae.Core.Training.Optimizers;

/// <summary>The rule that turns gradients into updates.</summary>
internal abstract record OptimizerConfiguration
{
    internal static readonly Kind<OptimizerConfiguration>[] Kinds =
    [
        Kind.Of<OptimizerConfiguration, AdamConfiguration>("adam", AdamConfiguration.Map),
        Kind.Of<OptimizerConfiguration, AdamWConfiguration>("adamw", AdamWConfiguration.Map),
        Kind.Of<OptimizerConfiguration, AdamaxConfiguration>("adamax", AdamaxConfiguration.Map),
        Kind.Of<OptimizerConfiguration, SgdConfiguration>("sgd", SgdConfiguration.Map),
    ];

    /// <summary>What is done to each weight.</summary>
    internal abstract UpdateRule Rule();

    /// <summary>What one key forbids another.</summary>
    internal virtual IEnumerable<ConfigurationError> Check(string path) => [];
}
