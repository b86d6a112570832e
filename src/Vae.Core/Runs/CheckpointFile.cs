namespace Vae.Core.Runs;

/// <summary>
/// One safetensors file with all of a run's state: weights under the names of a PyTorch state_dict, the optimizer's state under
/// "optimizer.", averages of weights, where the run keeps them, under "ema.", a prior fitted afterwards under "fitted_prior.", and the
/// header in __metadata__.
/// </summary>
internal sealed class CheckpointFile(string path, SafetensorsFile file, CheckpointHeader header)
{
    private const string OptimizerPrefix = "optimizer.";
    private const string AveragePrefix = "ema.";
    private const string FittedPriorPrefix = "fitted_prior.";
    private const string StepName = OptimizerPrefix + "step";
    private readonly SafetensorsFile _file = file;

    /// <summary>What the checkpoint says about itself.</summary>
    public CheckpointHeader Header => header;

    /// <summary>Whether it holds averages of the weights beside the weights themselves.</summary>
    public bool HasAverage => Has(AveragePrefix);

    /// <summary>Whether a fitted prior was added.</summary>
    public bool HasFittedPrior => Has(FittedPriorPrefix);

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">The file; replaced as a whole or not at all.</param>
    /// <param name="header">What it says about itself.</param>
    /// <param name="model">Whose weights.</param>
    /// <param name="optimizerStep">Updates the optimizer counts.</param>
    /// <param name="optimizerState">The optimizer's tensors by name.</param>
    /// <param name="average">Averages of weights by the weights' names; null for none.</param>
    /// <exception cref="VaeException">InputOutput on a full disk, OutputUnwritable where nothing may be written.</exception>
    public static void Write(
        string path,
        CheckpointHeader header,
        nn.Module model,
        long optimizerStep,
        IReadOnlyList<(string Name, Tensor Value)> optimizerState,
        IReadOnlyList<(string Name, Tensor Value)>? average = null)
    {
        using DisposeScope scope = NewDisposeScope();
        List<SafetensorsTensor> tensors = [.. model.state_dict().Select(pair => ToSafetensors(pair.Key, pair.Value))];
        tensors.AddRange(optimizerState.Select(state => ToSafetensors(OptimizerPrefix + state.Name, state.Value)));
        tensors.AddRange((average ?? []).Select(weight => ToSafetensors(AveragePrefix + weight.Name, weight.Value)));
        tensors.Add(new(StepName, SafetensorsType.I64, [], (ReadOnlyMemory<byte>)BitConverter.GetBytes(optimizerStep)));
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, CheckpointMetadata.Write(header)));
    }

    /// <summary>Reads and checks a checkpoint: its form, its header, and that every number in it is finite.</summary>
    /// <exception cref="VaeException">MissingInput when it is not there, BadData when anything in it is wrong.</exception>
    public static CheckpointFile Read(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        file.CheckFinite();
        return new CheckpointFile(path, file, new CheckpointMetadata(file.Metadata, path).Read());
    }

    /// <summary>Copies the weights into a model that must have exactly the same names and shapes.</summary>
    /// <exception cref="VaeException">BadData when a tensor is missing, left over or of another shape or type.</exception>
    public void RestoreWeights(nn.Module model)
    {
        Dictionary<string, Tensor> state = model.state_dict();
        string? extra = _file.Entries
            .Select(entry => entry.Name)
            .FirstOrDefault(name => !IsBesideWeights(name) && !state.ContainsKey(name));
        if (extra is not null)
        {
            throw InputFile.Bad(path, $"tensor '{extra}' has no place in the configured model");
        }

        Restore(state.Select(pair => (pair.Key, pair.Value)), "");
    }

    /// <summary>Copies the optimizer's state into the given tensors.</summary>
    /// <returns>The updates the optimizer had counted.</returns>
    /// <exception cref="VaeException">BadData when a tensor is missing or of another shape or type.</exception>
    public long RestoreOptimizer(IReadOnlyList<(string Name, Tensor Value)> optimizerState)
    {
        Restore(optimizerState, OptimizerPrefix);
        return BitConverter.ToInt64(_file.Data(Entry(StepName, SafetensorsType.I64, []).Name).Span);
    }

    /// <summary>Copies averages of weights into the given tensors, which are those of an average or the model's own.</summary>
    /// <param name="average">The tensors by the weights' names.</param>
    /// <exception cref="VaeException">BadData when a tensor is missing or of another shape or type.</exception>
    public void RestoreAverage(IReadOnlyList<(string Name, Tensor Value)> average) => Restore(average, AveragePrefix);

    /// <summary>
    /// Adds a prior that was fitted to the model of a checkpoint, in place of any other; all else stays as it is, bit for bit. A resumed
    /// run does not read it, and the checkpoints it writes, whose weights are others, do not have it.
    /// </summary>
    /// <param name="path">The file; replaced as a whole or not at all.</param>
    /// <param name="parameters">The prior's tensors by name.</param>
    /// <exception cref="VaeException">As for <see cref="Read"/> and <see cref="Write"/>.</exception>
    public static void AddFittedPrior(string path, IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        SafetensorsFile file = Read(path)._file;
        List<SafetensorsTensor> tensors =
        [
            .. file.Entries
                .Where(entry => !entry.Name.StartsWith(FittedPriorPrefix, StringComparison.Ordinal))
                .Select(entry => new SafetensorsTensor(entry.Name, entry.Type, entry.Shape, file.Data(entry.Name))),
            .. parameters.Select(parameter => ToSafetensors(FittedPriorPrefix + parameter.Name, parameter.Value)),
        ];
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, file.Metadata));
    }

    /// <summary>A tensor of the fitted prior, float32, of the caller's dispose scope.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">How many dimensions it must have.</param>
    /// <exception cref="VaeException">BadData when it is missing or of another type or number of dimensions.</exception>
    public Tensor FittedPriorTensor(string name, int dimensions)
    {
        string full = FittedPriorPrefix + name;
        SafetensorsEntry? entry = _file.Entries.FirstOrDefault(candidate => candidate.Name == full);
        return entry is { Type: SafetensorsType.F32 } && entry.Shape.Count == dimensions
            ? Load(entry, ScalarType.Float32)
            : throw InputFile.Bad(path, $"the fitted prior is damaged: no F32 tensor '{full}' of {dimensions} dimensions");
    }

    private bool Has(string prefix) => _file.Entries.Any(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static bool IsBesideWeights(string name) =>
        new[] { OptimizerPrefix, AveragePrefix, FittedPriorPrefix }.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static SafetensorsTensor ToSafetensors(string name, Tensor value)
    {
        Tensor onCpu = value.detach().cpu().contiguous();
        return new SafetensorsTensor(name, DataType(name, value), onCpu.shape, () => TensorMemory.BytesOf(onCpu));
    }

    private static SafetensorsType DataType(string name, Tensor value) => value.dtype switch
    {
        ScalarType.Float32 => SafetensorsType.F32,
        ScalarType.Float64 => SafetensorsType.F64,
        ScalarType.Int64 => SafetensorsType.I64,
        _ => throw new NotSupportedException($"Tensor {name} of type {value.dtype} has no place in a checkpoint."),
    };

    private void Restore(IEnumerable<(string Name, Tensor Value)> tensors, string prefix)
    {
        using IDisposable noGradient = no_grad();
        foreach ((string name, Tensor value) in tensors)
        {
            using DisposeScope scope = NewDisposeScope();
            value.copy_(Load(Entry(prefix + name, DataType(prefix + name, value), value.shape), value.dtype));
        }
    }

    private Tensor Load(SafetensorsEntry entry, ScalarType type)
    {
        Tensor value = empty([.. entry.Shape], type);
        _file.Data(entry.Name).Span.CopyTo(TensorMemory.BytesOf(value));
        return value;
    }

    private SafetensorsEntry Entry(string name, SafetensorsType type, long[] shape)
    {
        SafetensorsEntry entry = _file.Entries.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw InputFile.Bad(path, $"tensor '{name}' is missing");
        return entry.Type == type && entry.Shape.SequenceEqual(shape) ? entry : throw InputFile.Bad(
            path,
            $"tensor '{name}' is {entry.Type} [{string.Join(", ", entry.Shape)}], "
            + $"but the configured model wants {type} [{string.Join(", ", shape)}]");
    }
}
