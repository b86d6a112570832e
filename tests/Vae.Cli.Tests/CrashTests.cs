using System.Diagnostics;

namespace Vae.Cli.Tests;

/// <summary>The proofs of scripts/crash in their short form, on the program that was built for the tests.</summary>
public class CrashTests
{
    [CrashFact(CrashNeeds.Nothing)]
    public void A_run_killed_at_random_moments_ends_like_one_that_was_never_killed()
    {
        Invocation proof = Prove("kill.sh", "12");
        Assert.Matches("^kills survived: 12 ", proof.Out);
        Assert.Matches("to one never killed: [1-9]", proof.Out);
    }

    [CrashFact(CrashNeeds.Mounts)]
    public void A_full_disk_ends_a_run_with_74_and_leaves_its_checkpoint_whole() =>
        Assert.Contains("equal, bit for bit, to a run that never stopped", Prove("full-disk.sh").Out, StringComparison.Ordinal);

    [CrashFact(CrashNeeds.Mounts)]
    public void A_read_only_run_folder_is_refused_before_training_begins() =>
        Assert.Equal(4, Prove("read-only.sh").Out.Split('\n').Count(line => line.Contains("exit code 73", StringComparison.Ordinal)));

    [CrashFact(CrashNeeds.Tracing)]
    public void A_checkpoint_is_flushed_before_it_is_renamed_and_its_folder_after() =>
        Assert.Contains("\nfsync(RUN/checkpoints) = 0", Prove("fsync.sh").Out, StringComparison.Ordinal);

    private static Invocation Prove(string script, params string[] arguments)
    {
        Invocation proof = CrashScript.Run(script, arguments);
        Assert.True(proof.Code == 0, $"{proof.Out}\n{proof.Error}");
        Assert.DoesNotContain("skipped:", proof.Out, StringComparison.Ordinal);
        return proof;
    }
}

/// <summary>What a script of scripts/crash needs beyond bash.</summary>
public enum CrashNeeds
{
    Nothing,
    Mounts,
    Tracing,
}

/// <summary>A test by a script of scripts/crash; skipped by name where the system lacks what it needs.</summary>
public sealed class CrashFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
        new[] { "--mount", "--mount --map-root-user" }.Any(options => Succeeds($"unshare {options} mount -t tmpfs tmpfs /mnt")));

    private static readonly Lazy<bool> CanTrace = new(() => Succeeds("strace -o /dev/null true"));

    public CrashFactAttribute(CrashNeeds needs) => Skip = needs switch
    {
        _ when OperatingSystem.IsWindows() => "needs bash and the signals of Unix",
        CrashNeeds.Mounts when !CanMount.Value => "needs to mount file systems, as root or in a namespace",
        CrashNeeds.Tracing when !CanTrace.Value => "needs strace and the right to trace",
        _ => null,
    };

    private static bool Succeeds(string command)
    {
        try
        {
            return CrashScript.Bash("-c", command).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>Runs scripts/crash.</summary>
internal static class CrashScript
{
    public static Invocation Run(string name, params string[] arguments) =>
        Bash([Path.Combine(Repository.Root, "scripts", "crash", name), .. arguments]);

    public static Invocation Bash(params string[] arguments)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["VAE_PROGRAM"] = ChildProcess.Program;
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        return ChildProcess.Finish(process);
    }
}
