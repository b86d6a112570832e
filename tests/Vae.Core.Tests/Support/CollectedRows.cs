namespace Vae.Core.Tests.Support;

/// <summary>Keeps the rows a verb writes, each array by its name.</summary>
internal sealed class CollectedRows : ArrayOutput
{
    private readonly Dictionary<string, List<float>> _numbers = [];

    public OutputLayout? Layout { get; private set; }

    public float[] Pixels => [.. _numbers["images"]];

    public float[] this[string name] => [.. _numbers[name]];

    internal override void Begin(OutputLayout layout)
    {
        Layout = layout;
        foreach (OutputArray array in layout.Arrays)
        {
            _numbers[array.Name] = [];
        }
    }

    internal override void Append(params ReadOnlySpan<Array> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] is float[] numbers)
            {
                _numbers[Layout!.Arrays[i].Name].AddRange(numbers);
            }
        }
    }

    internal override void Complete()
    {
    }
}
