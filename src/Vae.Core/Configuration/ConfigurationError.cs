namespace Vae.Core.Configuration;

/// <summary>One thing that is wrong with a configuration, and where: a JSON path such as <c>$.model.latent</c>.</summary>
/// <param name="Path">Where.</param>
/// <param name="Message">What.</param>
/// <param name="IsGone">Whether it was right in an earlier version (<see cref="GoneKey"/>).</param>
internal readonly record struct ConfigurationError(string Path, string Message, bool IsGone = false);
