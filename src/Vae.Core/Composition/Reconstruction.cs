using Vae.Core.Data;

namespace Vae.Core.Composition;

/// <summary>Images and what the model makes of them.</summary>
/// <param name="Shape">The shape of each image.</param>
/// <param name="Originals">As the encoder sees them, 0 is black, 1 is white; [N, C, H, W], image by image.</param>
/// <param name="Reconstructions">The mean of each pixel at the mean of the posterior, likewise.</param>
public sealed record ReconstructedImages(ImageShape Shape, float[] Originals, float[] Reconstructions)
{
    /// <summary>N.</summary>
    public int Count => Originals.Length / Shape.PixelCount;
}

/// <summary>`reconstruct`: encodes images and decodes them again.</summary>
public static class Reconstruction
{
    /// <summary>Encodes images and decodes the means of their posteriors.</summary>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data; Usage for images beyond the last.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static ReconstructedImages Run(ReconstructRequest request, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Batch batch = loaded.Batch(Chosen(loaded, request, stop));
        Tensor mean = loaded.Model.Likelihood.Mean(loaded.Model.Decode(loaded.Model.Infer(batch).MeanLatents)); // [N, P]
        return new ReconstructedImages(loaded.Shape, batch.Input.cpu().data<float>().ToArray(), mean.cpu().data<float>().ToArray());
    }

    private static ImageSet Chosen(LoadedModel loaded, ReconstructRequest request, CancellationToken stop)
    {
        int wanted = request.Count ?? ReconstructRequest.StandardCount;
        int[] indices = [.. Enumerable.Range(request.Start, Math.Min(wanted, int.MaxValue - request.Start))];
        PickedImages picked = loaded.Pick(request, indices, stop);
        if (picked.Images.Count == 0)
        {
            throw picked.Beyond(request.Start);
        }

        return request.Count is null || picked.Images.Count == wanted
            ? picked.Images
            : throw picked.Beyond(request.Start + wanted - 1);
    }
}
