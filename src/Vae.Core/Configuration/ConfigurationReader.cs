using static Vae.Core.Configuration.ConfigurationText;

namespace Vae.Core.Configuration;

/// <summary>One thing that is wrong with a configuration, and where: a JSON path such as <c>$.model.latent</c>.</summary>
/// <param name="Path">Where.</param>
/// <param name="Message">What.</param>
/// <param name="IsGone">Whether it was right in an earlier version (<see cref="GoneKey"/>).</param>
internal readonly record struct ConfigurationError(string Path, string Message, bool IsGone = false);

/// <summary>
/// A key that earlier versions had, or one value of a key that is still there. Configuration files and <c>--set</c> are refused for it; in
/// what earlier versions wrote into run folders and checkpoints it is passed over, and the key has its default.
/// </summary>
/// <param name="Path">The key, as messages name it.</param>
/// <param name="Value">The value that is gone; null where the key itself is.</param>
/// <param name="Since">The first version without it.</param>
/// <param name="Advice">Why, and what to do.</param>
internal sealed record GoneKey(string Path, string? Value, string Since, string Advice)
{
    /// <summary>What is said of it.</summary>
    public string Message => $"{(Value is null ? "" : $"{Printable.Quote(Value)} ")}is gone since version {Since}: {Advice}";

    /// <summary>Whether a key with its value is gone.</summary>
    public bool Names(string path, JsonElement value) => Path == path && (Value is null || IsText(value, Value));
}

/// <summary>
/// Reads configurations: strict JSON in snake_case. An unknown, missing, repeated, mistyped, out-of-range or non-finite value is
/// refused with its JSON path, and all errors are told at once.
/// </summary>
internal static class ConfigurationReader
{
    private const int MostErrors = 50;

    /// <summary>Reads a configuration file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Assignments such as <c>model.latent=32</c> that replace what the file says, the last one winning.</param>
    /// <param name="ofRun">Whether a run wrote it, of an earlier version perhaps: what is gone since is then passed over.</param>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.MissingInput"/>: the file is not there or may not be read. <see cref="FailureKind.BadData"/>: the file
    /// is wrong. <see cref="FailureKind.Usage"/>: only the overrides are wrong. With several errors, the message has one line each.
    /// </exception>
    public static T Read<T>(string path, IEnumerable<string>? overrides = null, bool ofRun = false)
        where T : IConfiguration<T> => Parse<T>(ReadBytes(path), path, overrides, ofRun);

    /// <summary>Reads a configuration from the bytes of a file.</summary>
    /// <param name="utf8">The bytes, UTF-8 with or without a byte order mark.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="overrides">As in <see cref="Read"/>.</param>
    /// <param name="ofRun">As in <see cref="Read"/>.</param>
    /// <exception cref="VaeException">As in <see cref="Read"/>.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> utf8, string name, IEnumerable<string>? overrides = null, bool ofRun = false)
        where T : IConfiguration<T>
    {
        ConfigurationOverride[] assignments = (overrides ?? []).Select(ConfigurationOverride.Parse).ToArray();
        using JsonDocument document = StrictJson.Parse(utf8, name);
        (T configuration, List<ConfigurationError> errors) = Interpret<T>(document.RootElement, _ => ofRun);
        if (assignments.Length == 0)
        {
            return errors.Count == 0 ? configuration : throw Failure(name, FailureKind.BadData, Lines(name, errors));
        }

        using JsonDocument overridden = ConfigurationOverride.Apply(document, assignments);
        (T result, List<ConfigurationError> remaining) = Interpret<T>(
            overridden.RootElement, path => ofRun && !assignments.Any(assignment => assignment.Concerns(path)));
        if (remaining.Count == 0)
        {
            return result;
        }

        ConfigurationError[] ofFile = remaining.Intersect(errors).ToArray();
        IEnumerable<string> ofOverrides =
            remaining.Except(errors).Select(error => $"{Cause(name, error, assignments)}: {error.Path}: {error.Message}");
        throw Failure(
            name, ofFile.Length == 0 ? FailureKind.Usage : FailureKind.BadData, [.. Lines(name, ofFile), .. ofOverrides]);
    }

    private static (T Configuration, List<ConfigurationError> Errors) Interpret<T>(JsonElement root, Func<string, bool> mayBeGone)
        where T : IConfiguration<T>
    {
        List<ConfigurationError> errors = new List<ConfigurationError>();
        T configuration = JsonSection.Read(root, "$", errors, T.GoneKeys, T.Map, T.Defaults, "$schema");
        errors.RemoveAll(error => error.IsGone && mayBeGone(error.Path));
        if (errors.Count == 0)
        {
            errors.AddRange(configuration.Check());
        }

        return (configuration, errors);
    }

    private static string[] Lines(string name, IEnumerable<ConfigurationError> errors) =>
        [.. errors.Select(error => $"{name}: {error.Path}: {error.Message}")];

    /// <summary>The assignment to blame for an error that the file alone does not have, where it can be told.</summary>
    private static string Cause(string name, ConfigurationError error, ConfigurationOverride[] assignments)
    {
        ConfigurationOverride? blamed = assignments.LastOrDefault(assignment => assignment.Concerns(error.Path));
        return (blamed ?? (assignments.Length == 1 ? assignments[0] : null))?.ToString() ?? name;
    }

    private static VaeException Failure(string name, FailureKind kind, string[] lines) => new(
        kind,
        string.Join(
            '\n', lines.Length <= MostErrors ? lines : [.. lines[..MostErrors], $"{name}: {lines.Length - MostErrors} more errors"]));

    /// <summary>Reads no more than a configuration may have, whatever length a pipe or a device file claims.</summary>
    private static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[StrictJson.MaximumBytes + 1];
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw VaeException.Unreadable(path, "a configuration file", failure);
        }
    }
}
