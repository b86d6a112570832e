using Vae.Core.Data;

namespace Vae.Core.Composition;

/// <summary>Images that a verb made, to be shown as a picture or kept as numbers.</summary>
/// <param name="Shape">Their shape.</param>
/// <param name="Count">How many.</param>
/// <param name="Columns">Images in a row of the picture, or null where any layout does.</param>
/// <param name="Pixels">0 is black, 1 is white; [N, C, H, W], image by image.</param>
/// <param name="Checkpoint">The file the model came from.</param>
public sealed record ImageRows(ImageShape Shape, int Count, int? Columns, float[] Pixels, string Checkpoint);
