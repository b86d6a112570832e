using System.Globalization;

namespace Vae.Cli.Commands;

/// <summary>
/// A number of threads; null lets the program choose. (The parser of the library takes no null for a value that was given.)
/// </summary>
internal readonly record struct ThreadCount(int? Value)
{
    public static readonly ThreadCount Auto = new(null);

    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? "auto";
}
