using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Runs;
using Vae.Core.Training;

namespace Vae.Core.Composition;

/// <summary>A trained model, rebuilt from its checkpoint alone.</summary>
internal sealed class LoadedModel : IDisposable
{
    private const string DefaultRuns = "runs";
    private const int ImagesAtOnce = 500;

    private LoadedModel(string path, CheckpointFile file, VaeConfiguration configuration, LatentModel model, ComputeDevice device)
    {
        Path = path;
        File = file;
        Configuration = configuration;
        Model = model;
        Device = device;
    }

    /// <summary>The checkpoint's file.</summary>
    public string Path { get; }

    /// <summary>The checkpoint as it was read.</summary>
    public CheckpointFile File { get; }

    /// <summary>What the checkpoint says about itself.</summary>
    public CheckpointHeader Header => File.Header;

    /// <summary>The shape of the images it was trained on.</summary>
    public ImageShape Shape => Header.Shape;

    /// <summary>The configuration it was trained with.</summary>
    public VaeConfiguration Configuration { get; }

    /// <summary>The model on its device.</summary>
    public LatentModel Model { get; }

    /// <summary>Where the model lives.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Loads the checkpoint a request names.</summary>
    /// <exception cref="VaeException">MissingInput, BadData, or Unavailable for the device.</exception>
    public static LoadedModel Load(ModelRequest request)
    {
        ComputeDevice device = ComputeDevice.Choose(request.Device);
        EngineThreads.Use(request.Threads);
        string path = CheckpointPath(request);
        CheckpointFile file = CheckpointFile.Read(path);
        VaeConfiguration configuration = VaeConfiguration.Parse(file.Header.Configuration, path, ofRun: true);
        LatentModel model = configuration.Model.Build(file.Header.Shape, file.Header.Seed);
        file.RestoreWeights(model);
        if (file.HasAverage)
        {
            file.RestoreAverage([.. model.named_parameters().Select(pair => (pair.name, (Tensor)pair.parameter))]);
        }

        model.eval();
        return new LoadedModel(path, file, configuration, model.to(device.Device), device);
    }

    /// <summary>The images a request names: a file's, or a split of the run's data.</summary>
    /// <exception cref="VaeException">MissingInput or BadData; Usage for a split without images.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public ImageSet Images(ImagesRequest request, CancellationToken stop)
    {
        if (request.Input is { } path)
        {
            return ImageInput.ReadAll(path, Shape);
        }

        ImageSet images = Configuration.Data.Load(request.Data, stop).Of(request.Split);
        return images.Count > 0
            ? images
            : throw new VaeException(FailureKind.Usage, $"{Path}: this run set no images aside for {Name(request.Split)}; choose another --split");
    }

    /// <summary>The same, a limited number at a time; images of a file never stand in memory all at once.</summary>
    /// <exception cref="VaeException">As <see cref="Images"/>.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public IEnumerable<ImageSet> ImageChunks(ImagesRequest request, int size, CancellationToken stop)
    {
        foreach (ImageSet chunk in request.Input is { } path ? ImageInput.Read(path, Shape, size) : Chunks(Images(request, stop), size))
        {
            stop.ThrowIfCancellationRequested();
            yield return chunk;
        }
    }

    /// <summary>Some of the images a request names; those beyond the last are left out.</summary>
    /// <exception cref="VaeException">As <see cref="Images"/>.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public PickedImages Pick(ImagesRequest request, IReadOnlyList<int> indices, CancellationToken stop)
    {
        if (request.Input is null)
        {
            ImageSet images = Images(request, stop);
            return new PickedImages($"--split {Name(request.Split)}", images.Select([.. indices.Where(index => index < images.Count)]), images.Count);
        }

        Dictionary<int, byte[]> found = [];
        int total = 0;
        foreach (ImageSet chunk in ImageChunks(request, ImagesAtOnce, stop))
        {
            foreach (int index in indices.Where(index => index >= total && index - total < chunk.Count))
            {
                found[index] = chunk.Image(index - total).ToArray();
            }

            total += chunk.Count;
        }

        int[] there = [.. indices.Where(found.ContainsKey)];
        PixelStore pixels = new(Shape.PixelCount);
        pixels.Extend(there.Length);
        for (int i = 0; i < there.Length; i++)
        {
            found[there[i]].CopyTo(pixels.Writable(i));
        }

        return new PickedImages(request.Input, new ImageSet(request.Input, Shape, pixels, published: there), total);
    }

    /// <summary>Tensors of images, binarized or dequantized as in every evaluation of this model.</summary>
    public BatchLoader Loader(ImageSet images) =>
        new(images, Configuration.Data.EvaluationTransform(Model.Likelihood.Target), Device.Device);

    /// <summary>All images of a set as one batch.</summary>
    public Batch Batch(ImageSet images) => Loader(images).Load(BatchOrder.Sequential(images.Count), epoch: 0);

    /// <summary>The means of the posteriors of images, N rows of [D].</summary>
    public float[][] EncodeMeans(ImageSet images)
    {
        using DisposeScope scope = NewDisposeScope();
        return [.. Model.Infer(Batch(images)).MeanLatents.cpu().data<float>().ToArray().Chunk(Model.Latent)];
    }

    /// <summary>Refuses a verb that moves latents along lines and axes, where those of the model cannot be.</summary>
    /// <exception cref="VaeException">Usage.</exception>
    public void NeedPaths()
    {
        if (Model.NoPathsBecause is { } reason)
        {
            throw new VaeException(FailureKind.Usage, $"{Path}: {reason}");
        }
    }

    /// <summary>The mean images of latents, [N, P] image by image.</summary>
    public float[] DecodeMeans(float[][] latents)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] flat = [.. latents.SelectMany(latent => latent)];
        Tensor rows = tensor(flat, [latents.Length, Model.Latent]).to(Device.Device); // [N, D]
        return Model.Likelihood.Mean(Model.Decode(rows)).cpu().data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static IEnumerable<ImageSet> Chunks(ImageSet images, int size) =>
        Enumerable.Range(0, BatchOrder.BatchCount(images.Count, size))
            .Select(chunk => images.Slice(chunk * size, Math.Min(size, images.Count - (chunk * size))));

    private static string Name(Split split) => split.ToString().ToLowerInvariant();

    /// <summary>The checkpoint's file that a request names; where it names none and the run has no best one yet, the last, which is told.</summary>
    /// <exception cref="VaeException">MissingInput when there is no such run, or no such checkpoint in it.</exception>
    internal static string CheckpointPath(ModelRequest request)
    {
        if (request.Checkpoint is { } named && !RunFolder.CheckpointNames.Contains(named))
        {
            return named;
        }

        RunFolder folder = request.RunFolder is null ? RunFolder.Newest(DefaultRuns) : RunFolder.Open(request.RunFolder);
        string path = folder.Checkpoint(request.Checkpoint);
        if (request.Checkpoint is null && path != folder.BestCheckpoint)
        {
            request.Warn?.Invoke($"{path} is taken: this run has no {RunFolder.Best} checkpoint yet");
        }

        return path;
    }
}
