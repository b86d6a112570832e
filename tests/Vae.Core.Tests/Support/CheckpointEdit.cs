using System.Text.Json.Nodes;

namespace Vae.Core.Tests.Support;

/// <summary>A checkpoint's content in the hands of a test.</summary>
internal sealed class CheckpointEdit
{
    private readonly string _path;
    private readonly SafetensorsFile _file;

    private CheckpointEdit(string path)
    {
        _path = path;
        _file = SafetensorsFile.Read(path);
        Tensors = _file.Entries.ToDictionary(entry => entry.Name, entry => _file.Data(entry.Name).ToArray());
        Metadata = _file.Metadata.ToDictionary();
        Progress = JsonNode.Parse(Metadata["vae.progress"])!.AsObject();
    }

    /// <summary>The bytes of each tensor.</summary>
    public Dictionary<string, byte[]> Tensors { get; }

    /// <summary>What the file says about itself, the progress left aside.</summary>
    public Dictionary<string, string> Metadata { get; }

    /// <summary>Where the run stands.</summary>
    public JsonObject Progress { get; }

    /// <summary>Changes a checkpoint; that it does is checked.</summary>
    public static void Apply(string path, Action<CheckpointEdit> change)
    {
        byte[] before = File.ReadAllBytes(path);
        CheckpointEdit edit = new(path);
        change(edit);
        edit.Write();
        Assert.NotEqual(before, File.ReadAllBytes(path));
    }

    private void Write()
    {
        Metadata["vae.progress"] = Progress.ToJsonString();
        using FileStream stream = File.Create(_path);
        SafetensorsWriter.Write(
            stream,
            [
                .. _file.Entries.Where(entry => Tensors.ContainsKey(entry.Name))
                    .Select(entry => new SafetensorsTensor(entry.Name, entry.Type, entry.Shape, Tensors[entry.Name])),
            ],
            Metadata);
    }
}
