namespace Vae.Core.Data.Formats;

/// <summary>The element types of NPY arrays that are written and read.</summary>
public enum NpyType
{
    /// <summary>'&lt;f4', 32-bit floating point.</summary>
    Float32,

    /// <summary>'&lt;i8', 64-bit signed integers.</summary>
    Int64,

    /// <summary>'|u1', bytes.</summary>
    UInt8,
}
