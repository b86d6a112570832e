namespace Vae.Core.Training;

/// <summary>The memory that a model's training takes whatever the batch, which is known before any of it is taken.</summary>
internal static class TrainingMemory
{
    /// <summary>Refuses a model that cannot be trained on this machine.</summary>
    /// <param name="configuration">The model and its optimizer.</param>
    /// <param name="shape">The images' shape.</param>
    /// <param name="resumes">Whether its state is read from a checkpoint, which is in memory for as long.</param>
    /// <param name="available">Bytes at hand.</param>
    /// <exception cref="VaeException">BadData for a weight that no checkpoint can hold, InputOutput for too little memory.</exception>
    public static void Check(VaeConfiguration configuration, ImageShape shape, bool resumes, long available)
    {
        using LatentModel outline = configuration.Model.Outline(shape);
        foreach ((string name, Parameter weight) in outline.named_parameters())
        {
            long bytes = weight.numel() * sizeof(float);
            if (bytes > TensorMemory.MostBytes)
            {
                throw new VaeException(
                    FailureKind.BadData,
                    $"model: {name} [{string.Join(", ", weight.shape)}] would have {MemorySize.Text(bytes)}, "
                    + $"and a weight may have {MemorySize.Text(TensorMemory.MostBytes)}; make its layer narrower");
            }
        }

        TrainConfiguration train = configuration.Train;
        int average = train.EmaDecay > 0 ? 1 : 0;
        int updated = 1 + train.Optimizer.Rule().StateNames.Count;
        int copied = resumes ? updated + average : train.Threads == 0 ? updated : 0; // numbers of threads are tried on a copy
        long sum = outline.ParameterCount * sizeof(float) * (1 + updated + average + copied);
        if (sum > available)
        {
            FormattableString parameters = $"{outline.ParameterCount:N0} parameters with their gradients, the optimizer's state";
            throw new VaeException(
                FailureKind.InputOutput,
                $"the model does not fit into memory: {FormattableString.Invariant(parameters)}{(copied > 0 ? " and a copy" : "")} take "
                + $"{MemorySize.Text(sum)}, and {MemorySize.Text(available)} are here; "
                + $"make its layers narrower{(copied > 0 && !resumes ? ", or give --threads" : "")}");
        }
    }
}
