namespace Vae.Core.Tests.Support;

/// <summary>Configurations and models of which a test knows that they are Gaussian ones.</summary>
internal static class GaussianVae
{
    public static GaussianVaeConfiguration Vae(this VaeConfiguration configuration) => (GaussianVaeConfiguration)configuration.Model;

    public static VariationalAutoencoder BuildVae(
        this ModelConfiguration configuration, ImageShape shape, long seed, ImageSet? training = null) =>
        (VariationalAutoencoder)configuration.Build(shape, seed, training);
}
