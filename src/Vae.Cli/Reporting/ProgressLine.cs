namespace Vae.Cli.Reporting;

/// <summary>One line of progress: what is under way, how far it is, and figures that are cut off where the terminal ends.</summary>
/// <param name="Subject">What is under way, "epoch 3/20" say.</param>
/// <param name="Fraction">How far it is, 0 to 1; null where nobody knows.</param>
/// <param name="Details">Figures.</param>
internal sealed record ProgressLine(string Subject, double? Fraction, string Details)
{
    // Few widths, or the bar would tremble with the length of the figures.
    private static readonly int[] BarWidths = [30, 20, 10];

    /// <summary>The line in parts for a terminal of the given width, so that the parts of the bar can be coloured.</summary>
    public (string Subject, string Done, string Open, string Details) Fit(int width, bool unicode)
    {
        string subject = Cut($"{Subject} ", width);
        if (Fraction is not { } fraction)
        {
            return (subject, "", "", Cut(Details, width - subject.Length));
        }

        fraction = Math.Clamp(fraction, 0, 1);
        string details = Figures.Invariant($" {Math.Floor(fraction * 100),3}%  {Details}");
        int room = Math.Max(0, width - subject.Length);
        int bar = Math.Min(room, BarWidths.FirstOrDefault(candidate => candidate <= room - details.Length, BarWidths[^1]));
        int done = (int)(fraction * bar);
        return (
            subject,
            new string(unicode ? '━' : '#', done),
            new string(unicode ? '─' : '-', bar - done),
            Cut(details, width - subject.Length - bar));
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width)];
}
