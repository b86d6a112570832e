namespace Vae.Core.Verbs;

/// <summary>
/// Takes what a verb makes, rows after rows, so that none but the newest stand in memory: as arrays for programs (.npz), as a table (.csv),
/// or drawn into a picture (.png).
/// </summary>
public abstract class ArrayOutput
{
    /// <summary>Writes a file, whole or not at all. That it can be made is known before the work begins.</summary>
    /// <param name="path">A file that ends in .npz, .csv or .png.</param>
    /// <param name="imagesInRow">Images in a row of a picture; null takes what the verb asks for, or what suits their number.</param>
    /// <param name="work">Makes the rows.</param>
    /// <exception cref="VaeException">OutputUnwritable where the file cannot be made, InputOutput where writing fails half-way.</exception>
    public static void Write(string path, int? imagesInRow, Action<ArrayOutput> work) => AtomicFile.Write(path, file =>
    {
        ArrayOutput output = IsPicture(path) ? new PictureOutput(file, imagesInRow)
            : HasEnding(path, ".csv") ? new TableOutput(file)
            : new ArchiveOutput(file);
        using (output as IDisposable)
        {
            work(output);
            output.Complete();
        }
    });

    /// <summary>Whether the file's ending asks for a picture.</summary>
    public static bool IsPicture(string path) => HasEnding(path, ".png");

    /// <summary>Called once, before the first rows.</summary>
    /// <exception cref="VaeException">Usage for a picture that would be too large.</exception>
    internal abstract void Begin(OutputLayout layout);

    /// <summary>Takes the next rows: the numbers of each array, float, long, or double for a figure told to six decimals.</summary>
    internal abstract void Append(params ReadOnlySpan<Array> rows);

    /// <summary>Called once, after the last rows.</summary>
    internal abstract void Complete();

    private static bool HasEnding(string path, string ending) => Path.GetExtension(path).Equals(ending, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An array [N, …] of which rows are written.</summary>
/// <param name="Name">Its name in an archive, or that of its columns in a table.</param>
/// <param name="Type">Its elements.</param>
/// <param name="RowShape">The shape of a row; none for one number.</param>
internal sealed record OutputArray(string Name, NpyType Type, params int[] RowShape);

/// <summary>What a verb is about to write: arrays of one length.</summary>
internal sealed record OutputLayout(IReadOnlyList<OutputArray> Arrays)
{
    /// <summary>What a picture needs to know; null where the arrays hold no images.</summary>
    public PictureLayout? Picture { get; private init; }

    /// <summary>Arrays of images [N, C, H, W]. A picture shows several as a row of each, one below the other.</summary>
    public static OutputLayout OfImages(ImageShape shape, int count, int? inRow, params string[] names) =>
        new([.. names.Select(name => new OutputArray(name, NpyType.Float32, shape.Channels, shape.Height, shape.Width))])
        {
            Picture = new PictureLayout(shape, count, inRow),
        };
}

/// <summary>How N images of a shape make a picture; null images in a row where any number does.</summary>
internal sealed record PictureLayout(ImageShape Shape, int Count, int? InRow);

/// <summary>Arrays of an archive.</summary>
internal sealed class ArchiveOutput(Stream file) : ArrayOutput, IDisposable
{
    private readonly NpzWriter _archive = new(file);
    private NpzColumn[] _columns = [];

    internal override void Begin(OutputLayout layout) =>
        _columns = [.. layout.Arrays.Select(array => _archive.AddColumn(array.Name, array.Type, array.RowShape))];

    internal override void Append(params ReadOnlySpan<Array> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] is long[] integers)
            {
                _columns[i].Append<long>(integers);
            }
            else
            {
                _columns[i].Append<float>(rows[i] as float[] ?? Array.ConvertAll((double[])rows[i], value => (float)value));
            }
        }
    }

    internal override void Complete() => _archive.Complete();

    public void Dispose() => _archive.Dispose();
}

/// <summary>
/// Comma-separated values, a line a row. Arrays of single numbers come first, those of several have their columns numbered: mean_0, mean_1,
/// …. A float has the fewest digits that give the same float back.
/// </summary>
internal sealed class TableOutput(Stream file) : ArrayOutput, IDisposable
{
    private const int LongestNumber = 320; // the largest double, in full

    private readonly StreamWriter _table = new(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
    private int[] _order = [];
    private int[] _lengths = [];

    internal override void Begin(OutputLayout layout)
    {
        IReadOnlyList<OutputArray> arrays = layout.Arrays;
        _order = [.. Enumerable.Range(0, arrays.Count).OrderBy(i => arrays[i].RowShape.Length > 0)];
        _lengths = [.. arrays.Select(array => array.RowShape.Aggregate(1, (product, size) => product * size))];
        _table.WriteLine(string.Join(',', _order.SelectMany(i => Names(arrays[i], _lengths[i]))));
    }

    internal override void Append(params ReadOnlySpan<Array> rows)
    {
        for (int row = 0; row < rows[0].Length / _lengths[0]; row++)
        {
            foreach (int i in _order)
            {
                for (int place = row * _lengths[i]; place < (row + 1) * _lengths[i]; place++)
                {
                    Write(rows[i], place, isFirst: i == _order[0] && place == row * _lengths[i]);
                }
            }

            _table.WriteLine();
        }
    }

    internal override void Complete() => _table.Flush();

    public void Dispose() => _table.Dispose();

    private static IEnumerable<string> Names(OutputArray array, int length) => array.RowShape.Length == 0
        ? [array.Name]
        : Enumerable.Range(0, length).Select(i => string.Create(CultureInfo.InvariantCulture, $"{array.Name}_{i}"));

    private void Write(Array values, int place, bool isFirst)
    {
        Span<char> text = stackalloc char[LongestNumber];
        int length = 0;
        _ = values switch
        {
            float[] floats => floats[place].TryFormat(text, out length, "R", CultureInfo.InvariantCulture),
            long[] integers => integers[place].TryFormat(text, out length, default, CultureInfo.InvariantCulture),
            double[] figures => figures[place].TryFormat(text, out length, "0.######", CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException($"{values.GetType()} is no array that is written."),
        };
        if (!isFirst)
        {
            _table.Write(',');
        }

        _table.Write(text[..length]);
    }
}

/// <summary>One picture of all images, whose size is checked before the first is made.</summary>
internal sealed class PictureOutput(Stream file, int? imagesInRow) : ArrayOutput
{
    private ImageGrid? _grid;
    private int _pixels;
    private int _columns;
    private int _written;

    internal override void Begin(OutputLayout layout)
    {
        PictureLayout picture = layout.Picture ?? throw new NotSupportedException("These arrays are no images.");
        int kinds = layout.Arrays.Count;
        int suitable = kinds == 1 ? ImageGrid.ColumnsFor(picture.Count) : ImageGrid.ColumnsOfStrips(picture.Count);
        _pixels = picture.Shape.PixelCount;
        _columns = Math.Min(picture.Count, imagesInRow ?? picture.InRow ?? suitable);
        int rows = kinds * ImageGrid.RowsFor(picture.Count, _columns);
        _grid = new ImageGrid(rows, _columns, picture.Shape, new ImageGridOptions { Scale = ImageGrid.ReadableScale(picture.Shape) });
    }

    internal override void Append(params ReadOnlySpan<Array> rows)
    {
        int count = rows[0].Length / _pixels;
        for (int i = 0; i < count; i++, _written++)
        {
            (int row, int column) = Math.DivRem(_written, _columns);
            for (int kind = 0; kind < rows.Length; kind++)
            {
                _grid!.Place(((float[])rows[kind]).AsSpan(i * _pixels, _pixels), (row * rows.Length) + kind, column);
            }
        }
    }

    internal override void Complete() => PngWriter.Write(file, _grid!.Picture);
}
