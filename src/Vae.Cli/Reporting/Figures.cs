namespace Vae.Cli.Reporting;

/// <summary>Numbers as people read them, the same in every locale.</summary>
internal static class Figures
{
    /// <summary>"42 s", "1:23" or "2:03:04".</summary>
    public static string Duration(TimeSpan time)
    {
        long seconds = (long)Math.Round(time.TotalSeconds);
        (long hours, long minutes) = (seconds / 3600, seconds / 60 % 60);
        return hours > 0 ? Invariant($"{hours}:{minutes:00}:{seconds % 60:00}")
            : minutes > 0 ? Invariant($"{minutes}:{seconds % 60:00}")
            : Invariant($"{seconds} s");
    }

    /// <summary>"987 bytes", "28.9 kB" or "9.9 MB", in powers of ten as download pages have them.</summary>
    public static string Bytes(long count) => count switch
    {
        < 1_000 => Invariant($"{count} bytes"),
        < 1_000_000 => Invariant($"{count / 1e3:0.0} kB"),
        < 1_000_000_000 => Invariant($"{count / 1e6:0.0} MB"),
        _ => Invariant($"{count / 1e9:0.0} GB"),
    };

    /// <summary>Text in the invariant culture.</summary>
    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
