using System.Runtime.InteropServices;
using Vae.Benchmarks;
using Vae.Core.Tests.Support;

namespace Vae.Core.Tests.Benchmarks;

[Collection(AloneCollection.Name)] // memory is counted in the whole process
public class ResidentMemoryTests
{
    [Fact]
    public void Memory_that_is_taken_is_seen_and_a_reading_takes_none()
    {
        const int Length = 64 << 20;
        using ResidentMemory memory = new();
        memory.Read();
        long managed = GC.GetAllocatedBytesForCurrentThread();
        long before = memory.Read();
        managed = GC.GetAllocatedBytesForCurrentThread() - managed;
        nint block = Marshal.AllocHGlobal(Length);
        try
        {
            for (int i = 0; i < Length; i += Environment.SystemPageSize)
            {
                Marshal.WriteByte(block, i, 1); // a page is resident once it is written to
            }

            Assert.InRange(memory.Read() - before, Length * 9L / 10, Length * 2L);
        }
        finally
        {
            Marshal.FreeHGlobal(block);
        }

        Assert.True(!OperatingSystem.IsLinux() || managed == 0, $"{managed} bytes");
    }
}
