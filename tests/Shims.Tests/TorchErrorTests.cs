using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

/// <summary>What libtorch reports arrives as an exception of .NET with libtorch's own words, and the process lives on.</summary>
[Collection(TorchTests.Name)]
public class TorchErrorTests
{
    [Fact]
    public void Shapes_that_do_not_fit_are_told_in_libtorchs_words()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => ones(2, 3).matmul(ones(2, 3)));

        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", error.Message, StringComparison.Ordinal);
        TorchTest.Near([2], ones(1) + 1);
    }

    [Fact]
    public void Every_kind_of_call_reports_its_failure()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, 3);

        Assert.Throws<ExternalException>(() => x.view(7));
        Assert.Throws<ExternalException>(() => x.add_(ones(5)));
        Assert.Throws<ExternalException>(() => x.max(9));
        Assert.Throws<ExternalException>(() => x.split(new long[] { 1, 7 }, 0L));
        Assert.Throws<ExternalException>(() => x.backward());
        Assert.Throws<ExternalException>(() => x.ToScalar());
        Assert.Throws<ExternalException>(() => autograd.grad([x], [x]));
        Assert.Throws<ExternalException>(() => linalg.cholesky(-eye(2)));
        Assert.Throws<ExternalException>(() => arange(3).requires_grad_());
        Assert.Throws<ExternalException>(() => torch.cat([ones(1, 2), ones(1, 3)], 0));
        Assert.ThrowsAny<Exception>(() => torch.einsum("ij,jk", x, x));
    }

    [ShimFact]
    public void A_message_has_no_native_stack_trace()
    {
        using var x = ones(2, 3);
        var error = Assert.Throws<ExternalException>(() => x.mm(x));

        Assert.DoesNotContain("frame #", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [ShimTheory]
    [InlineData("missing.so", "is missing")]
    [InlineData("broken.so", "cannot be loaded")]
    public void A_native_library_that_is_missing_or_broken_is_told_with_what_to_do(string file, string told)
    {
        const string Variable = "VAE_TORCH_NATIVE";
        var before = Environment.GetEnvironmentVariable(Variable);
        var folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(folder.FullName, "broken.so"), "no library");
        try
        {
            var path = Path.Combine(folder.FullName, file);
            Environment.SetEnvironmentVariable(Variable, path);
            var resolve = typeof(torch).Assembly.GetType("TorchSharp.Interop.NativeLibraryResolver")!
                .GetMethod("Resolve", BindingFlags.NonPublic | BindingFlags.Static)!;
            var error = Assert.Throws<TargetInvocationException>(() => resolve.Invoke(null, ["vae_torch", typeof(torch).Assembly, null]));

            var reason = Assert.IsType<DllNotFoundException>(error.InnerException);
            Assert.Contains($"{path} {told}", reason.Message, StringComparison.Ordinal);
            Assert.Contains("scripts/setup.sh", reason.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', reason.Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
            folder.Delete(true);
        }
    }

    [Fact]
    public void Each_thread_sees_its_own_error()
    {
        Parallel.For(0, 200, i =>
        {
            using var scope = NewDisposeScope();
            var error = Assert.Throws<ExternalException>(() => ones(2, i + 3).matmul(ones(2, i + 3)));
            Assert.Contains($"(2x{i + 3} and 2x{i + 3})", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused()
    {
        if (!cuda.is_available())
        {
            Assert.ThrowsAny<Exception>(() => ones(1).to("cuda"));
            Assert.ThrowsAny<Exception>(() => ones(1, device: new Device(DeviceType.CUDA)));
            Assert.Equal(0, cuda.device_count());
        }
        else
        {
            Assert.Equal(DeviceType.CUDA, ones(1).to("cuda").device_type);
        }
    }
}
