namespace ScottPlot.Rendering;

/// <summary>A title or axis label and its size in pixels.</summary>
internal sealed class Label(float defaultSize)
{
    public string Text { get; private set; } = string.Empty;
    public float Size { get; private set; } = defaultSize;

    public void Set(string? text, float? size)
    {
        Text = text ?? Text;
        Size = size ?? Size;
    }
}
