namespace ScottPlot;

/// <summary>Where a figure was written and how many bytes it has.</summary>
public class SavedImageInfo
{
    internal SavedImageInfo(string path, int fileSize)
    {
        Path = System.IO.Path.GetFullPath(path);
        FileSize = fileSize;
    }

    public string Path { get; }
    public int FileSize { get; }
}
