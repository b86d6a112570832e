namespace Vae.Core.Verbs;

/// <summary>Everything `encode` needs to know.</summary>
public sealed record EncodeRequest : ImagesRequest
{
    /// <summary>Images encoded at once.</summary>
    public int BatchSize { get; init; } = LoadedModel.ImagesAtOnce;
}

/// <summary>`encode`: the posterior's mean and log-variance of every image.</summary>
public static class Encode
{
    /// <summary>
    /// Encodes the images batch by batch; those of a file never stand in memory all at once. The output takes the arrays "label" [N], where
    /// there are labels, "mean" [N, D] and "log_variance" [N, D].
    /// </summary>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data, Unavailable for the device.</exception>
    public static void Run(EncodeRequest request, ArrayOutput output, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using IDisposable noGradient = no_grad();
        OutputArray[] codes =
        [
            .. loaded.Model.Codes.Select(code => new OutputArray(code.Name, code.IsInteger ? NpyType.Int64 : NpyType.Float32, code.Length)),
        ];
        foreach ((int first, ImageSet images) in loaded.ImageChunks(request, request.BatchSize, stop))
        {
            long[]? labels = images.Labels?.Select(label => (long)label).ToArray();
            if (first == 0)
            {
                output.Begin(new OutputLayout(labels is null ? codes : [.. codes, new OutputArray("label", NpyType.Int64)]));
            }

            output.Append([.. loaded.Encode(images), .. labels is null ? (Array[])[] : [labels]]);
        }
    }
}
