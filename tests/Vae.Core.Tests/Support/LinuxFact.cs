namespace Vae.Core.Tests.Support;

/// <summary>A test of what only Linux has; skipped by name elsewhere.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <param name="asRoot">Whether it takes a superuser.</param>
    public LinuxFactAttribute(bool asRoot = false)
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "needs Linux";
        }
        else if (asRoot && Environment.UserName != "root")
        {
            Skip = "needs a superuser";
        }
    }
}
