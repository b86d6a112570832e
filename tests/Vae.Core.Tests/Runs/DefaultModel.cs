namespace Vae.Core.Tests.Runs;

/// <summary>The model of the default configuration on 28×28 images, as it is before training, and its checkpoint.</summary>
public sealed class DefaultModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VariationalAutoencoder _model;

    public DefaultModel()
    {
        VaeConfiguration configuration = new() { Data = new DataConfiguration { Source = new MnistSource() } };
        ImageShape shape = new(1, 28, 28);
        _model = configuration.Model.BuildVae(shape, seed: 1);
        using FlatOptimizer optimizer = new(new FlatParameters(_model), configuration.Train);
        CheckpointHeader header = new()
        {
            Configuration = ConfigurationWriter.Write(configuration),
            Shape = shape,
            Progress = new TrainingProgress(),
            Seed = 1,
            ToolVersion = "0",
        };
        CheckpointFile.Write(Path, header, _model, optimizer.StepCount, optimizer.State());
    }

    /// <summary>The checkpoint's file.</summary>
    public string Path => _folder["default.safetensors"];

    /// <summary>An image of 784 pixels from 0 to 1, no two of its rows alike.</summary>
    public static float[] Image { get; } = [.. Enumerable.Range(0, 784).Select(i => i * 37 % 256 / 255f)];

    /// <summary>
    /// The mean and log-variance of the image's posterior and the logits for that mean, one after the other: [20 + 20 + 784].
    /// </summary>
    public float[] Outputs()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        DiagonalGaussian posterior = _model.Encode(tensor(Image, [1, 784]));
        Tensor logits = _model.Decode(posterior.Mean);
        return [.. new[] { posterior.Mean, posterior.LogVariance, logits }.SelectMany(part => part.data<float>().ToArray())];
    }

    /// <summary>The file of a copy of the checkpoint to which a prior was fitted.</summary>
    public string WithFittedPrior()
    {
        string copy = _folder["fitted.safetensors"];
        File.Copy(Path, copy, overwrite: true);
        using Tensor means = zeros(1, 20);
        CheckpointFile.AddFittedPrior(copy, [("means", means)]);
        return copy;
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }
}
