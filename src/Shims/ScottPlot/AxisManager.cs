using ScottPlot.Rendering;

namespace ScottPlot;

/// <summary>The limits of the two axes: set by hand, or taken from the data with a margin.</summary>
public class AxisManager
{
    private readonly Plot _plot;
    private AxisRange? _x;
    private AxisRange? _y;
    private double _horizontalMargin = 0.1;
    private double _verticalMargin = 0.15;

    internal AxisManager(Plot plot) => _plot = plot;

    internal AxisRange X => _x ?? DataRange(scatter => scatter.Xs, scatter => scatter.Ys, _horizontalMargin) ?? AxisRange.Default;

    internal AxisRange Y => _y ?? DataRange(scatter => scatter.Ys, scatter => scatter.Xs, _verticalMargin) ?? AxisRange.Default;

    public void SetLimitsX(double left, double right) => _x = AxisRange.Between(left, right);

    public void SetLimitsY(double bottom, double top) => _y = AxisRange.Between(bottom, top);

    public void SetLimits(double left, double right, double bottom, double top)
    {
        SetLimitsX(left, right);
        SetLimitsY(bottom, top);
    }

    public void AutoScale(bool? invertX = null, bool? invertY = null)
    {
        _x = DataRange(scatter => scatter.Xs, scatter => scatter.Ys, _horizontalMargin);
        _y = DataRange(scatter => scatter.Ys, scatter => scatter.Xs, _verticalMargin);
        _x = invertX == true ? _x?.Inverted() : _x;
        _y = invertY == true ? _y?.Inverted() : _y;
    }

    public void Margins(double horizontal = 0.1, double vertical = .15)
    {
        _horizontalMargin = horizontal;
        _verticalMargin = vertical;
        AutoScale();
    }

    /// <summary>Null where no point has two finite coordinates; a point that is not drawn must not stretch an axis either.</summary>
    private AxisRange? DataRange(
        Func<Plottables.Scatter, double[]> along, Func<Plottables.Scatter, double[]> across, double margin)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (Plottables.Scatter scatter in _plot.Plottables)
        {
            foreach ((double value, double other) in along(scatter).Zip(across(scatter)))
            {
                if (double.IsFinite(value) && double.IsFinite(other))
                {
                    low = Math.Min(low, value);
                    high = Math.Max(high, value);
                }
            }
        }

        return low <= high ? AxisRange.Between(low, high).Widened(margin) : null;
    }
}
