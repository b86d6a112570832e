namespace Vae.Core.Data.Sources;

/// <summary>One published file of a data set.</summary>
/// <param name="Name">Its name at the publisher's, which a download keeps.</param>
/// <param name="OtherNames">Names under which the same content is found in folders: unpacked, packed, spelled otherwise.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
/// <param name="Mirrors">Where it can be downloaded, in the order of trial.</param>
internal sealed record SourceFile(string Name, IReadOnlyList<string> OtherNames, long Length, string Sha256, IReadOnlyList<Uri> Mirrors)
{
    /// <summary>The path of the file in a folder under any of its names, or null.</summary>
    public string? FindIn(string folder) =>
        OtherNames.Prepend(Name).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
