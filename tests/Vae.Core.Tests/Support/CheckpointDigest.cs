using System.Security.Cryptography;

namespace Vae.Core.Tests.Support;

/// <summary>What of a checkpoint must be equal for two runs to have gone the same way.</summary>
internal static class CheckpointDigest
{
    /// <summary>A line for each tensor (weights and optimizer state, by SHA-256) and one for the progress.</summary>
    public static string[] Of(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        return
        [
            .. file.Entries.Select(entry => $"{entry.Name} {Convert.ToHexString(SHA256.HashData(file.Data(entry.Name).Span))}"),
            file.Metadata["vae.progress"],
        ];
    }
}
