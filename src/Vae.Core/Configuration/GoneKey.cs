using System.Text.Json;
using static Vae.Core.Configuration.ConfigurationText;

namespace Vae.Core.Configuration;

/// <summary>
/// A key that earlier versions had, or one value of a key that is still there. Configuration files and <c>--set</c> are refused for it; in what
/// earlier versions wrote into run folders and checkpoints it is passed over, and the key has its default.
/// </summary>
/// <param name="Path">The key, as messages name it.</param>
/// <param name="Value">The value that is gone; null where the key itself is.</param>
/// <param name="Since">The first version without it.</param>
/// <param name="Advice">Why, and what to do.</param>
internal sealed record GoneKey(string Path, string? Value, string Since, string Advice)
{
    /// <summary>What is said of it.</summary>
    public string Message => $"{(Value is null ? "" : $"{Printable.Quote(Value)} ")}is gone since version {Since}: {Advice}";

    private static GoneKey[] All { get; } =
    [
        new("$.train.cuda_graphs", null, "0.2.0", "TorchSharp has no CUDA graphs; leave the key out"),
        new("$.train.precision", "bfloat16", "0.2.0", "TorchSharp has no automatic casts; use \"tf32\" or \"float32\""),
    ];

    /// <summary>The entry for a key with its value; null where neither is gone.</summary>
    public static GoneKey? Find(string path, JsonElement value) =>
        All.FirstOrDefault(gone => gone.Path == path && (gone.Value is null || IsText(value, gone.Value)));
}
