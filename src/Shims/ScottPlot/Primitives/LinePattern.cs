namespace ScottPlot;

/// <summary>Lengths of dash and gap in pixels, in turns; the default value is a solid line.</summary>
public readonly struct LinePattern
{
    private readonly float[]? _intervals;

    private LinePattern(params float[] intervals) => _intervals = intervals;

    public static LinePattern Solid { get; } = new([]);
    public static LinePattern Dashed { get; } = new(10, 10);
    public static LinePattern DenselyDashed { get; } = new(6, 6);
    public static LinePattern Dotted { get; } = new(3, 5);

    public float[] Intervals => _intervals ?? [];
}
