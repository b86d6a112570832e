using System.ComponentModel;
using System.Diagnostics;

namespace Vae.Core.Tests.Conventions;

/// <summary>What the build leaves in the checkout, and what the checkout must not have any more.</summary>
public class CheckoutTests
{
    [LinuxFact]
    public void Every_output_folder_has_a_link_to_libtorch_and_no_copy()
    {
        string[] libraries = Directory.GetFiles(
            Path.Combine(Repository.Root, "artifacts", "bin"), "libtorch_cpu.so", SearchOption.AllDirectories);

        Assert.Contains(libraries, path => path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal));
        Assert.All(libraries, path => Assert.NotNull(File.ResolveLinkTarget(path, returnFinalTarget: true)));
    }

    [GitFact]
    public void No_file_chooses_between_the_packages_and_stand_ins_for_them()
    {
        string[] switches = ["Torch" + "Source", "Plot" + "Source", "VAE_" + "LIBTORCH", "Shi" + "ms"];

        (int code, string found) = Git("grep", "-nE", string.Join('|', switches));

        Assert.Equal((1, ""), (code, found));
        Assert.Equal(0, Git("grep", "-q", nameof(No_file_chooses_between_the_packages_and_stand_ins_for_them)).Code);
    }

    private static (int Code, string Out) Git(params string[] arguments)
    {
        using Process git = Process.Start(
            new ProcessStartInfo("git", ["-C", Repository.Root, .. arguments]) { RedirectStandardOutput = true })!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return (git.ExitCode, output);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class GitFactAttribute : FactAttribute
    {
        public GitFactAttribute()
        {
            try
            {
                Skip = Git("rev-parse", "--verify", "-q", "HEAD").Code == 0 ? null! : "needs a clone of git";
            }
            catch (Win32Exception)
            {
                Skip = "needs git";
            }
        }
    }
}
