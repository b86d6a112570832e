using System.IO.MemoryMappedFiles;
using Vae.Benchmarks;
using TemporaryFolder = Vae.Core.Tests.Support.TemporaryFolder;

namespace Vae.Core.Tests.Benchmarks;

[Collection(AloneCollection.Name)] // memory is counted in the whole process
public class ResidentMemoryTests
{
    private const int Length = 64 << 20;

    [Fact]
    public void Memory_that_is_taken_is_seen()
    {
        using TemporaryFolder folder = new();
        using ResidentMemory memory = new();

        // Of several trials: while one ran, the garbage collector may have given memory back.
        long[] taken = [.. Enumerable.Range(0, 5).Select(_ => Taken(memory, folder["mapped"])).Order()];

        Assert.InRange(taken[2], Length * 9L / 10, Length * 2L);
    }

    [Fact]
    public void A_reading_takes_no_managed_memory()
    {
        using ResidentMemory memory = new();
        memory.Read();
        long before = GC.GetAllocatedBytesForCurrentThread();
        memory.Read();
        long managed = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(!OperatingSystem.IsLinux() || managed == 0, $"{managed} bytes");
    }

    // A mapped file is memory that nobody had before; a block of the heap may be one that was given back to it, and was resident all along.
    private static long Taken(ResidentMemory memory, string path)
    {
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, Length);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor();
        long before = memory.Read();
        for (int i = 0; i < Length; i += Environment.SystemPageSize)
        {
            view.Write(i, (byte)1); // a page is resident once it is written to
        }

        return memory.Read() - before;
    }
}
