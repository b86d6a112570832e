namespace Vae.Core.Engine;

/// <summary>
/// Keeps tensors' memory in the process between uses. glibc's allocator gives freed blocks back to the system and takes them anew, a page fault for
/// every 4 kB, until it has once seen a block of that size be freed (mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD). With the decoder's
/// outputs that costs up to a fifth of the time.
/// </summary>
internal static class FreedMemory
{
    // The allocator learns from blocks up to 32 MB, and keeps twice the size it has seen.
    private const long Bytes = 24L << 20;

    /// <summary>Takes a large block once and frees it, untouched; on other allocators this does nothing of note.</summary>
    public static void Keep()
    {
        using Tensor block = empty(Bytes, ScalarType.Byte);
    }
}
