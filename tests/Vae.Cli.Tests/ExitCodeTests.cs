using System.Reflection;
using System.Runtime.InteropServices;

namespace Vae.Cli.Tests;

public class ExitCodeTests
{
    public static TheoryData<FailureKind, int> Kinds => new()
    {
        { FailureKind.Usage, 64 },
        { FailureKind.BadData, 65 },
        { FailureKind.MissingInput, 66 },
        { FailureKind.Unavailable, 69 },
        { FailureKind.OutputUnwritable, 73 },
        { FailureKind.InputOutput, 74 },
        { FailureKind.Diverged, 3 },
    };

    public static TheoryData<Exception, int> Others => new()
    {
        { new DllNotFoundException("libtorch"), 69 },
        { new EntryPointNotFoundException("at::add"), 69 },
        { new BadImageFormatException("wrong machine"), 69 },
        { new TypeInitializationException("Torch", new DllNotFoundException("libtorch")), 69 },
        { new FileNotFoundException("no file"), 66 },
        { new DirectoryNotFoundException("no folder"), 66 },
        { new UnauthorizedAccessException("no right"), 73 },
        { new IOException("No space left on device"), 74 },
        { new InsufficientMemoryException(), 74 },
        { new NativeException("CUDA out of memory. Tried to allocate 2.00 GiB."), 74 },
        { new NativeException("shape '[2]' is invalid for input of size 3"), 70 },
        { new AggregateException(new VaeException(FailureKind.BadData, "bad")), 65 },
        { new TargetInvocationException(new VaeException(FailureKind.Diverged, "nan")), 3 },
        { new InvalidOperationException("surprise"), 70 },
        { new AggregateException(new IOException("one"), new IOException("two")), 70 },
        { new TypeInitializationException("Torch", new InvalidOperationException("surprise")), 70 },
    };

    [Fact]
    public void Every_kind_of_failure_is_covered_here() =>
        Assert.Equal(Enum.GetValues<FailureKind>().Order(), Kinds.Select(row => (FailureKind)row[0]).Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_expected_failure_has_the_exit_code_of_its_kind(FailureKind kind, int code) =>
        Assert.Equal(code, ExitCode.Of(new VaeException(kind, "message")));

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public void Failures_of_the_runtime_have_exit_codes_too(Exception exception, int code) =>
        Assert.Equal(code, ExitCode.Of(exception));

    private sealed class NativeException(string message) : ExternalException(message);
}
