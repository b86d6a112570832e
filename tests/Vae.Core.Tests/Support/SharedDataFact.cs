namespace Vae.Core.Tests.Support;

/// <summary>A test on published data files; skipped by name on machines that have none.</summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (SharedData.Folder is null)
        {
            Skip = "no published data: set VAE_TEST_DATA or put shared/data beside the repository";
        }
    }
}

/// <summary>Several such tests.</summary>
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = new SharedDataFactAttribute().Skip;
}

/// <summary>Where published data files lie on machines that have them.</summary>
public static class SharedData
{
    /// <summary>The folder that VAE_TEST_DATA names, else shared/data beside the repository, else null.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The path of a published file.</summary>
    public static string File(params string[] parts) => Path.Combine([Folder!, .. parts]);

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("VAE_TEST_DATA");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Vae.Cli.sln")))
            {
                string beside = Path.Combine(folder.FullName, "..", "shared", "data");
                return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
            }
        }

        return null;
    }
}
