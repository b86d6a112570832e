namespace Vae.Core.Configuration;

/// <summary>One thing that is wrong with a configuration, and where: a JSON path such as <c>$.model.latent</c>.</summary>
internal readonly record struct ConfigurationError(string Path, string Message);
