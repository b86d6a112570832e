namespace Vae.Core.Training;

/// <summary>The memory that a model's training takes whatever the batch, which is known before any of it is taken.</summary>
internal static class TrainingMemory
{
    /// <summary>Refuses a model that cannot be trained on this machine.</summary>
    /// <param name="configuration">The model and its optimizer.</param>
    /// <param name="shape">The images' shape.</param>
    /// <param name="device">Where it is trained. What a GPU has is not known beforehand.</param>
    /// <param name="resumes">Whether its state is read from a checkpoint, which is in memory for as long.</param>
    /// <exception cref="VaeException">BadData for a weight that no checkpoint can hold, InputOutput for more memory than there is.</exception>
    public static void Check(VaeConfiguration configuration, ImageShape shape, ComputeDevice device, bool resumes) =>
        Check(configuration, shape, resumes, device.IsCpu ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : long.MaxValue);

    /// <summary>As the other, with so many bytes at hand.</summary>
    internal static void Check(VaeConfiguration configuration, ImageShape shape, bool resumes, long available)
    {
        using LatentModel outline = configuration.Model.Outline(shape);
        foreach ((string name, Parameter weight) in outline.named_parameters())
        {
            long bytes = weight.numel() * sizeof(float);
            if (bytes > TensorMemory.MostBytes)
            {
                throw new VaeException(
                    FailureKind.BadData,
                    $"model: {name} [{string.Join(", ", weight.shape)}] would have {MemorySize.Text(bytes)}, and a weight may have {MemorySize.Text(TensorMemory.MostBytes)}; make its layer narrower");
            }
        }

        TrainConfiguration train = configuration.Train;
        int average = train.EmaDecay > 0 ? 1 : 0;
        int updated = 1 + train.Optimizer.Rule().StateNames.Count;
        int copied = resumes ? updated + average : train.Threads == 0 ? updated : 0; // numbers of threads are tried on a copy
        long sum = outline.ParameterCount * sizeof(float) * (1 + updated + average + copied);
        if (sum > available)
        {
            throw new VaeException(
                FailureKind.InputOutput,
                FormattableString.Invariant($"the model does not fit into memory: {outline.ParameterCount:N0} parameters with their gradients, the optimizer's state{(copied > 0 ? " and a copy" : "")} take {MemorySize.Text(sum)}, and {MemorySize.Text(available)} are here; make its layers narrower{(copied > 0 && !resumes ? ", or give --threads" : "")}"));
        }
    }
}
