using Vae.Core;

namespace Vae.Cli;

/// <summary>Checks of an output file that come before the work, so that nobody waits for a result that cannot be kept.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a path that is a folder, or whose folder is not there.</summary>
    public static void Check(string path)
    {
        if (Directory.Exists(path))
        {
            throw new VaeException(FailureKind.OutputUnwritable, $"{path}: is a folder; give the name of a file");
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw new VaeException(FailureKind.OutputUnwritable, $"{path}: the folder {folder} does not exist; make it first");
        }
    }
}
