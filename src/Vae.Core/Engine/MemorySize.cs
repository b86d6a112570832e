namespace Vae.Core.Engine;

/// <summary>Amounts of memory in words.</summary>
internal static class MemorySize
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>"9.00 GiB" for example, with the unit that leaves a number below 1,024.</summary>
    public static string Text(double bytes)
    {
        int unit = 0;
        for (; bytes >= 1023.995 && unit < Units.Length - 1; unit++)
        {
            bytes /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:F2} {Units[unit]}");
    }
}
