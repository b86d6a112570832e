using System.Text.Json;

namespace Vae.Core.Configuration;

/// <summary>The names that a configuration file gives to the values of enumerations: the member's name in snake_case.</summary>
public static class ConfigurationName
{
    /// <summary>The name of a value, <c>leaky_relu</c> for <c>LeakyRelu</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.All[value];

    /// <summary>The names of some values, or of all in the order of the enumeration's members.</summary>
    public static IReadOnlyList<string> All<T>(T[]? values = null)
        where T : struct, Enum => [.. (values ?? Enum.GetValues<T>()).Select(Of)];

    internal static bool TryParse<T>(string name, out T value)
        where T : struct, Enum => Names<T>.Values.TryGetValue(name, out value);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static readonly Dictionary<string, T> Values =
            All.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
