using Vae.Core.Engine;

namespace Vae.Core.Training.Fused;

/// <summary>
/// All parameters of a model in one piece of memory, and their gradients in another: the modules' own parameters become views of it, so that
/// whatever else uses the model sees every update.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly List<(string Name, Parameter Parameter, int Offset)> _entries = [];
    private readonly Dictionary<Parameter, int> _offsets = new(ReferenceEqualityComparer.Instance);

    /// <summary>Moves the parameters. The model must be on the CPU, float32, and not move afterwards.</summary>
    /// <param name="model">The model.</param>
    /// <param name="neighbours">Parameters that shall stand one right after the other, a list of them; the others follow.</param>
    public FlatParameters(nn.Module model, params IEnumerable<IReadOnlyList<Parameter>> neighbours)
    {
        List<(string Name, Parameter Parameter)> left = [.. model.named_parameters().Select(pair => (pair.name, pair.parameter))];
        int length = 0;
        foreach (IReadOnlyList<Parameter> group in neighbours)
        {
            length = Add(group, left, length);
        }

        foreach ((_, Parameter parameter) in left.ToArray())
        {
            length = Add([parameter], left, length);
        }

        Values = new FloatBuffer(length);
        Gradients = new FloatBuffer(length);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((_, Parameter parameter, int offset) in _entries)
        {
            Tensor place = View(Values, parameter, offset);
            place.copy_(parameter);
            parameter.set_(place);
        }
    }

    /// <summary>The weights, with gaps of zeros that bring each group to a vector's border.</summary>
    public FloatBuffer Values { get; }

    /// <summary>Their gradients, in the same places.</summary>
    public FloatBuffer Gradients { get; }

    /// <summary>Where a parameter begins.</summary>
    public int Offset(Parameter parameter) => _offsets[parameter];

    /// <summary>A buffer of the same layout as tensors by the parameters' names and of their shapes.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Views(FloatBuffer buffer) =>
        [.. _entries.Select(entry => (entry.Name, View(buffer, entry.Parameter, entry.Offset).DetachFromDisposeScope()))];

    /// <summary>Lets another model of the same layers have the same weights, and gradients elsewhere. It must not move afterwards.</summary>
    /// <param name="model">The other model, or the one that these are the parameters of.</param>
    /// <param name="gradients">Where its gradients go, in the layout of the weights.</param>
    public void Share(nn.Module model, FloatBuffer gradients)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Parameter> others = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach ((string name, Parameter parameter, int offset) in _entries)
        {
            Parameter other = others[name];
            if (!ReferenceEquals(other, parameter))
            {
                other.set_(View(Values, parameter, offset));
            }

            other.grad = View(gradients, parameter, offset);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    private static Tensor View(FloatBuffer buffer, Parameter parameter, int offset)
    {
        using Tensor flat = buffer.Tensor.narrow(0, offset, parameter.numel());
        return flat.view(parameter.shape);
    }

    private int Add(IReadOnlyList<Parameter> group, List<(string Name, Parameter Parameter)> left, int offset)
    {
        foreach (Parameter parameter in group)
        {
            int place = left.FindIndex(entry => ReferenceEquals(entry.Parameter, parameter));
            _entries.Add((left[place].Name, parameter, offset));
            _offsets.Add(parameter, offset);
            left.RemoveAt(place);
            offset = checked(offset + (int)parameter.numel());
        }

        return (offset + Vectors.Width - 1) / Vectors.Width * Vectors.Width;
    }
}
