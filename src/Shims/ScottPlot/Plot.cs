using System.Text;
using ScottPlot.Rendering;

namespace ScottPlot;

/// <summary>One figure: lines over a pair of axes, drawn as SVG.</summary>
public class Plot : IDisposable
{
    public PlottableAdder Add { get; }
    public AxisManager Axes { get; }
    public Legend Legend { get; }

    internal List<Plottables.Scatter> Plottables { get; } = [];
    internal Label TitleLabel { get; } = new(16);
    internal Label XAxisLabel { get; } = new(14);
    internal Label YAxisLabel { get; } = new(14);

    public Plot()
    {
        Add = new PlottableAdder(this);
        Axes = new AxisManager(this);
        Legend = new Legend();
    }

    public Legend ShowLegend()
    {
        Legend.IsVisible = true;
        return Legend;
    }

    public Legend ShowLegend(Alignment alignment)
    {
        Legend.Alignment = alignment;
        return ShowLegend();
    }

    public void Title(string? text = null, float? size = null) => TitleLabel.Set(text, size);

    public void XLabel(string label, float? size = null) => XAxisLabel.Set(label, size);

    public void YLabel(string label, float? size = null) => YAxisLabel.Set(label, size);

    public string GetSvgXml(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return SvgRenderer.Render(this, width, height);
    }

    public SavedImageInfo SaveSvg(string filePath, int width, int height)
    {
        byte[] bytes = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(GetSvgXml(width, height));
        File.WriteAllBytes(filePath, bytes);
        return new SavedImageInfo(filePath, bytes.Length);
    }

    // The package frees native memory here; there is none to free.
    public void Dispose() => GC.SuppressFinalize(this);
}
