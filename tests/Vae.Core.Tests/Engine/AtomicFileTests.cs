using System.Diagnostics;
using System.Runtime.Versioning;

namespace Vae.Core.Tests.Engine;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_written_and_replaced_whole()
    {
        AtomicFile.WriteText(_folder["a.txt"], "first, which is longer");
        AtomicFile.WriteText(_folder["a.txt"], "ä");
        Assert.Equal([0xC3, 0xA4], File.ReadAllBytes(_folder["a.txt"]));
        Assert.Equal(["a.txt"], _folder.FileNames());
    }

    [Fact]
    public void Until_it_is_complete_the_new_content_is_in_a_hidden_file_of_the_same_folder()
    {
        AtomicFile.WriteText(_folder["a.txt"], "old");
        AtomicFile.Write(_folder["a.txt"], stream =>
        {
            stream.WriteByte(1);
            Assert.Equal("old", File.ReadAllText(_folder["a.txt"]));
            string temporary = Assert.Single(_folder.FileNames(), name => name != "a.txt");
            Assert.Matches($@"^\.a\.txt\.{Environment.ProcessId}\.[0-9a-f]{{8}}\.tmp$", temporary);
        });
        Assert.Equal([1], File.ReadAllBytes(_folder["a.txt"]));
    }

    [Fact]
    public void A_failure_half_way_leaves_the_old_file_and_no_temporary_one()
    {
        AtomicFile.WriteText(_folder["a.txt"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder["a.txt"], stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(_folder["a.txt"]));
        Assert.Equal(["a.txt"], _folder.FileNames());
    }

    [Fact]
    public void A_full_disk_is_told_in_one_line()
    {
        int code = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;
        VaeException exception = Assert.Throws<VaeException>(
            () => AtomicFile.Write(_folder["a.txt"], _ => throw new IOException("No space left on device\n", code)));
        Assert.Equal(FailureKind.InputOutput, exception.Kind);
        Assert.Equal($"{_folder["a.txt"]}: not written, disk full; free some space and try again", exception.Message);
        Assert.Empty(_folder.FileNames());
    }

    [Fact]
    public void Another_failure_of_the_device_is_an_input_output_failure()
    {
        VaeException exception = Assert.Throws<VaeException>(
            () => AtomicFile.Write(_folder["a.txt"], _ => throw new IOException("the device\nis gone")));
        Assert.Equal(FailureKind.InputOutput, exception.Kind);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [LinuxFact]
    public void A_really_full_device_is_recognized()
    {
        // /dev/full refuses every write as a full disk does.
        VaeException exception = Assert.Throws<VaeException>(() => AtomicFile.Write(_folder["a.txt"], _ =>
        {
            using FileStream full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write(new byte[16]);
        }));
        Assert.Contains("disk full", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_a_file_as_folder_and_a_folder_as_file_are_unwritable()
    {
        AtomicFile.WriteText(_folder["file"], "");
        foreach (string path in new[] { _folder[Path.Combine("missing", "a.txt")], _folder[Path.Combine("file", "a.txt")], _folder.Path })
        {
            VaeException exception = Assert.Throws<VaeException>(() => AtomicFile.WriteText(path, "text"));
            Assert.Equal(FailureKind.OutputUnwritable, exception.Kind);
            Assert.StartsWith(path + ":", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["file"], _folder.FileNames());
    }

    [LinuxFact]
    public void A_folder_that_takes_no_new_file_is_unwritable()
    {
        // /proc takes none, not even from root.
        VaeException exception = Assert.Throws<VaeException>(() => AtomicFile.WriteText("/proc/a.txt", "text"));
        Assert.Equal(FailureKind.OutputUnwritable, exception.Kind);
    }

    [LinuxFact]
    public void A_symbolic_link_is_kept_and_its_target_replaced()
    {
        AtomicFile.WriteText(_folder["target"], "old");
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);
        AtomicFile.WriteText(_folder["link"], "new");
        Assert.NotNull(new FileInfo(_folder["link"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(_folder["target"]));
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void A_file_that_is_replaced_keeps_its_permissions_and_nobody_else_reads_the_new_one_before_it_has_them()
    {
        foreach (string mode in new[] { "600", "640", "644", "666", "400", "755" })
        {
            UnixFileMode expected = (UnixFileMode)Convert.ToInt32(mode, 8);
            string file = _folder[$"{mode}.txt"];
            AtomicFile.WriteText(file, "old");
            File.SetUnixFileMode(file, expected);
            AtomicFile.Write(file, stream => Assert.Equal(expected, File.GetUnixFileMode(((FileStream)stream).SafeFileHandle)));
            Assert.Equal(expected, File.GetUnixFileMode(file));
            Assert.Equal(0, new FileInfo(file).Length);
        }
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void Through_a_link_the_permissions_are_those_of_the_file_it_leads_to()
    {
        AtomicFile.WriteText(_folder["target"], "old");
        File.SetUnixFileMode(_folder["target"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);
        AtomicFile.WriteText(_folder["link"], "new");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["target"]));
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void A_new_file_has_the_permissions_of_any_new_file()
    {
        File.WriteAllText(_folder["usual.txt"], "");
        AtomicFile.WriteText(_folder["new.txt"], "");
        Assert.Equal(File.GetUnixFileMode(_folder["usual.txt"]), File.GetUnixFileMode(_folder["new.txt"]));
    }

    [LinuxFact(asRoot: true)]
    public void A_superuser_who_replaces_a_file_leaves_it_its_owner_and_group()
    {
        AtomicFile.WriteText(_folder["a.txt"], "old");
        Tool("chown", "1234:2345", _folder["a.txt"]);
        AtomicFile.WriteText(_folder["a.txt"], "new");
        Assert.Equal("1234:2345", Tool("stat", "-c", "%u:%g", _folder["a.txt"]));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_and_nothing_else()
    {
        string[] kept = [".a.txt.12.0123456.tmp", ".a.txt.12.0123456789.tmp", ".hidden.tmp", "a.txt", "a.txt.12.01234567.tmp", "notes.tmp"];
        foreach (string name in kept.Append(".a.txt.12.01234567.tmp").Append($".b.{Environment.ProcessId}.89abcdef.tmp"))
        {
            _folder.Write(name, [1]);
        }

        AtomicFile.RemoveAbandoned(_folder.Path);

        Assert.Equal(kept.Order(), _folder.FileNames());
    }

    [Fact]
    public void A_folder_that_takes_files_is_proven_writable_and_left_as_it_was()
    {
        AtomicFile.ProveWritable(_folder.Path);
        Assert.Empty(_folder.FileNames());
    }

    private static string Tool(string name, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(name, args) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    [LinuxFact]
    public void A_folder_that_takes_none_is_not_proven_writable() =>
        Assert.Equal(FailureKind.OutputUnwritable, Assert.Throws<VaeException>(() => AtomicFile.ProveWritable("/proc")).Kind);
}
