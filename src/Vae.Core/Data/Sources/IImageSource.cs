namespace Vae.Core.Data.Sources;

/// <summary>A data set that can be loaded by name.</summary>
public interface IImageSource
{
    /// <summary>The name used in configurations, mnist for example.</summary>
    string Name { get; }

    /// <summary>The shape of each image.</summary>
    ImageShape Shape { get; }

    /// <summary>How many images are set aside for validation where the configuration does not say.</summary>
    int StandardValidation { get; }

    /// <summary>Loads one published part.</summary>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.MissingInput"/> where files are missing and cannot be had, <see cref="FailureKind.BadData"/> where they are
    /// wrong.
    /// </exception>
    ImageSet Load(DatasetPart part, DataLoadContext context);

    /// <summary>Loads everything, divided for use.</summary>
    /// <param name="validation">Images to set aside for validation, or null for <see cref="StandardValidation"/>.</param>
    /// <param name="context">Where to look and what is allowed.</param>
    /// <inheritdoc cref="Load"/>
    DataSplits LoadSplits(int? validation, DataLoadContext context);
}
