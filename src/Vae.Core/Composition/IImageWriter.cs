using Vae.Core.Data;

namespace Vae.Core.Composition;

/// <summary>What a verb is about to make.</summary>
/// <param name="Shape">The shape of each image.</param>
/// <param name="Count">How many.</param>
/// <param name="Columns">Images in a row of a picture, or null where any layout does.</param>
public sealed record ImageLayout(ImageShape Shape, int Count, int? Columns = null);

/// <summary>Takes the images that a verb makes as they are made, so that none but the newest need stand in memory.</summary>
public interface IImageWriter
{
    /// <summary>Called once, before the first image.</summary>
    void Begin(ImageLayout layout);

    /// <summary>Takes the next images.</summary>
    /// <param name="pixels">0 is black, 1 is white; [n, C, H, W], image by image.</param>
    void Write(ReadOnlySpan<float> pixels);
}
