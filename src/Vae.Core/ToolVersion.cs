using System.Reflection;

namespace Vae.Core;

/// <summary>The version of this program, as checkpoints and `--version` tell it.</summary>
public static class ToolVersion
{
    /// <summary>Three numbers, "0.2.0".</summary>
    public static string Current { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
