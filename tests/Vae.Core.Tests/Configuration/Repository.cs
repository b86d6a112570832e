namespace Vae.Core.Tests.Configuration;

/// <summary>The folders of the repository that these tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Configurations => Path.Combine(Root, "configs");

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Vae.Cli.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("the tests do not run inside their repository");
        }

        return directory.FullName;
    }
}
