namespace ScottPlot;

/// <summary>The box that names the lines. <see cref="Plot.ShowLegend()"/> shows it.</summary>
public class Legend
{
    internal Legend()
    {
    }

    public bool IsVisible { get; set; }
    public Alignment Alignment { get; set; } = Alignment.LowerRight;
}
