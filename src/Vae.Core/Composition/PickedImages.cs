using Vae.Core.Data;

namespace Vae.Core.Composition;

/// <summary>Some images out of many.</summary>
/// <param name="Source">What they are chosen from, for messages.</param>
/// <param name="Images">Those that were asked for and are there, in the order asked for.</param>
/// <param name="Total">How many images there are to choose from.</param>
internal sealed record PickedImages(string Source, ImageSet Images, int Total)
{
    /// <summary>The failure of one that was asked for and is not there.</summary>
    public VaeException Beyond(int index) => new(
        FailureKind.Usage,
        string.Create(CultureInfo.InvariantCulture, $"{Source}: there is no image {index}, the last of the {Total} is {Total - 1}"));
}
