namespace ScottPlot.Rendering;

/// <summary>Where the data area lies in the figure, in pixels, and the ticks that fit it.</summary>
internal sealed class Layout
{
    public const double TickFontSize = 12;
    public const double TickLength = 5;
    public const double MinorTickLength = 2.5;
    public const double Padding = 12;
    public const double Gap = 6;

    private const double PixelsPerXTick = 66;
    private const double PixelsPerYTick = 46;

    private readonly AxisRange _x;
    private readonly AxisRange _y;

    public Layout(Plot plot, int figureWidth, int figureHeight)
    {
        _x = plot.Axes.X;
        _y = plot.Axes.Y;
        Top = Padding + Height(plot.TitleLabel);
        double bottomMargin = Padding + Height(plot.XAxisLabel) + TickFontSize + Gap + TickLength;
        PlotHeight = Math.Max(1, figureHeight - Top - bottomMargin);
        YTicks = TickScale.Over(_y, (int)(PlotHeight / PixelsPerYTick));

        double yLabels = YTicks.Labels.Select(label => TextSize.Width(label, TickFontSize)).DefaultIfEmpty(0).Max();
        Left = Padding + Height(plot.YAxisLabel) + yLabels + Gap + TickLength;
        PlotWidth = Math.Max(1, figureWidth - Left - (2 * Padding));
        // A tick with long labels needs more room than the usual distance.
        TickScale first = TickScale.Over(_x, (int)(PlotWidth / PixelsPerXTick));
        double widest = first.Labels.Select(label => TextSize.Width(label, TickFontSize)).DefaultIfEmpty(0).Max();
        XTicks = widest + 16 <= PixelsPerXTick ? first : TickScale.Over(_x, (int)(PlotWidth / (widest + 16)));
    }

    public double Left { get; }
    public double Top { get; }
    public double PlotWidth { get; }
    public double PlotHeight { get; }
    public double Right => Left + PlotWidth;
    public double Bottom => Top + PlotHeight;
    public TickScale XTicks { get; }
    public TickScale YTicks { get; }

    public double PixelX(double x) => Left + (PlotWidth * _x.Fraction(x));

    public double PixelY(double y) => Bottom - (PlotHeight * _y.Fraction(y));

    private static double Height(Label label) => label.Text.Length == 0 ? 0 : label.Size + Gap;
}
