using TorchSharp;
using Vae.Core.Data;
using static TorchSharp.torch;

namespace Vae.Core.Composition;

/// <summary>`reconstruct`: images, and below them what the model makes of them.</summary>
public static class Reconstruction
{
    private const int MostInRow = 16;

    /// <summary>
    /// Encodes images, decodes the posterior's mean and gives rows of originals (as the encoder saw them) with rows of reconstructions below.
    /// </summary>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data; Usage for images beyond the last.</exception>
    public static ImageRows Run(ReconstructRequest request)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        ImageSet images = loaded.Images(request);
        if (request.Start >= images.Count)
        {
            throw new VaeException(FailureKind.Usage, $"image {request.Start} is beyond the last of {images.Name}, {images.Count - 1}");
        }

        int count = Math.Min(request.Count, images.Count - request.Start);
        ImageBatch batch = loaded.Loader(images).Load([.. Enumerable.Range(request.Start, count)], epoch: 0);
        Tensor mean = loaded.Model.Likelihood.Mean(loaded.Model.Decode(loaded.Model.Encode(batch.Input).Mean)); // [N, P]
        float[] originals = batch.Input.cpu().data<float>().ToArray();
        float[] reconstructions = mean.cpu().data<float>().ToArray();

        int columns = Math.Min(count, MostInRow);
        int pixels = images.Shape.PixelCount;
        List<float> rows = [];
        for (int start = 0; start < count; start += columns)
        {
            int inRow = Math.Min(columns, count - start);
            int blank = (columns - inRow) * pixels; // a last, shorter pair of rows keeps its columns
            foreach (float[] source in new[] { originals, reconstructions })
            {
                rows.AddRange(source.AsSpan(start * pixels, inRow * pixels));
                rows.AddRange(new float[blank]);
            }
        }

        return new ImageRows(images.Shape, rows.Count / pixels, columns, [.. rows], loaded.Path);
    }
}
