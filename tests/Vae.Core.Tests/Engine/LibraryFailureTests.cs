using System.Runtime.InteropServices;

namespace Vae.Core.Tests.Engine;

public class LibraryFailureTests
{
    [Fact]
    public void Memory_that_the_library_could_not_have_is_told_with_the_amount()
    {
        ExternalException raised = Assert.Throws<ExternalException>(() => empty(1L << 44));

        VaeException failure = Assert.IsType<VaeException>(LibraryFailure.Of(raised));

        Assert.Equal(FailureKind.InputOutput, failure.Kind);
        Assert.StartsWith("out of memory: 64.00 TiB more were wanted", failure.Message, StringComparison.Ordinal);
        Assert.Same(raised, failure.InnerException);
    }

    [Theory]
    [InlineData(
        "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 139.80 GiB",
        "out of memory: 20.00 MiB more were wanted")]
    [InlineData(
        "[enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: not enough memory: you tried to allocate 3145728 bytes.",
        "out of memory: 3.00 MiB more were wanted")]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", "out of memory (")]
    [InlineData("std::bad_alloc", "out of memory (")]
    public void Memory_that_ran_out_is_known_by_every_text_that_the_library_has_for_it(string message, string told)
    {
        VaeException failure = Assert.IsType<VaeException>(LibraryFailure.Of(new NativeException(message)));

        Assert.Equal(FailureKind.InputOutput, failure.Kind);
        Assert.StartsWith(told, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_failure_stays_what_it_is_and_its_message_loses_the_native_stack()
    {
        using DisposeScope scope = NewDisposeScope();
        ExternalException raised = Assert.Throws<ExternalException>(() => zeros(3).view(2));

        Assert.Same(raised, LibraryFailure.Of(raised));
        Assert.Contains('\n', raised.Message);
        Assert.Equal("shape '[2]' is invalid for input of size 3", LibraryFailure.WithoutStack(raised.Message));
    }

    [Fact]
    public void A_tensor_that_a_span_cannot_hold_is_refused_with_its_size()
    {
        using Tensor one = zeros(1);
        using Tensor many = one.expand(3, 1L << 28);

        VaeException refused = Assert.Throws<VaeException>(() => TensorMemory.Of<float>(many).Length);

        Assert.Equal(FailureKind.BadData, refused.Kind);
        Assert.StartsWith(
            "a tensor [3, 268435456] would have 3.00 GiB, and one may have 2.00 GiB", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0.00 bytes")]
    [InlineData(1023, "1023.00 bytes")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData((1L << 30) - 1, "1.00 GiB")]
    [InlineData(1L << 62, "4096.00 PiB")]
    public void An_amount_of_memory_has_the_unit_that_leaves_a_number_below_1024(long bytes, string text) =>
        Assert.Equal(text, MemorySize.Text(bytes));

    private sealed class NativeException(string message) : ExternalException(message);
}
