namespace Vae.Core.Training.Optimizers;

/// <summary>
/// All parameters of a model in one flat tensor, and their gradients in another: the modules' own parameters become views of it, so that
/// whatever else uses the model sees every update. The model must be on its device and of its type, and not move afterwards.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly List<(string Name, Parameter Parameter, long Offset)> _entries = [];
    private readonly Dictionary<Parameter, long> _offsets = new(ReferenceEqualityComparer.Instance);

    // Neighbours, list by list, stand one right after the other; the other parameters follow.
    public FlatParameters(nn.Module model, params IEnumerable<IReadOnlyList<Parameter>> neighbours)
    {
        List<(string Name, Parameter Parameter)> left = [.. model.named_parameters().Select(pair => (pair.name, pair.parameter))];
        Parameter first = left[0].Parameter;
        foreach (IReadOnlyList<Parameter> group in neighbours)
        {
            Add(group, left);
        }

        foreach ((_, Parameter parameter) in left.ToArray())
        {
            Add([parameter], left);
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Values = new TensorBuffer<float>(zeros(Length, first.dtype, first.device).DetachFromDisposeScope());
        Gradients = NewBuffer();
        foreach ((_, Parameter parameter, long offset) in _entries)
        {
            Tensor place = View(Values, parameter, offset);
            place.copy_(parameter);
            parameter.set_(place);
        }

        Share(model, Gradients);
    }

    /// <summary>How many numbers there are, with gaps of zeros that bring each group to a vector's border.</summary>
    public long Length { get; private set; }

    public TensorBuffer<float> Values { get; }

    public TensorBuffer<float> Gradients { get; }

    public int Offset(Parameter parameter) => (int)_offsets[parameter];

    /// <summary>Zeros in the layout of the weights.</summary>
    public TensorBuffer<float> NewBuffer() => new(zeros_like(Values.Tensor).DetachFromDisposeScope());

    /// <summary>A buffer of the same layout as tensors by the parameters' names and of their shapes; the caller disposes of them.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Views(TensorBuffer<float> buffer) =>
        [.. _entries.Select(entry => (entry.Name, View(buffer, entry.Parameter, entry.Offset).DetachFromDisposeScope()))];

    /// <summary>The view of a parameter's gradients, of its shape; the caller disposes of it.</summary>
    public Tensor GradientOf(Parameter parameter) => View(Gradients, parameter, _offsets[parameter]).DetachFromDisposeScope();

    /// <summary>Lets another model of the same layers have the same weights, and gradients elsewhere.</summary>
    public void Share(nn.Module model, TensorBuffer<float> gradients)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Parameter> others = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach ((string name, Parameter parameter, long offset) in _entries)
        {
            Parameter other = others[name];
            if (!ReferenceEquals(other, parameter))
            {
                other.set_(View(Values, parameter, offset));
            }

            other.grad = View(gradients, parameter, offset);
        }
    }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    private static Tensor View(TensorBuffer<float> buffer, Parameter parameter, long offset)
    {
        using Tensor flat = buffer.Tensor.narrow(0, offset, parameter.numel());
        return flat.view(parameter.shape);
    }

    private void Add(IReadOnlyList<Parameter> group, List<(string Name, Parameter Parameter)> left)
    {
        foreach (Parameter parameter in group)
        {
            int place = left.FindIndex(entry => ReferenceEquals(entry.Parameter, parameter));
            _entries.Add((left[place].Name, parameter, Length));
            _offsets.Add(parameter, Length);
            left.RemoveAt(place);
            Length += parameter.numel();
        }

        Length = (Length + Vectors.Width - 1) / Vectors.Width * Vectors.Width;
    }
}
