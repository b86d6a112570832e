namespace Vae.Core.Data.Formats;

/// <summary>
/// Writes NumPy's .npz: a zip of .npy arrays, here stored without compression. Several arrays may grow at the same time, in constant memory:
/// their rows wait in temporary files until <see cref="Complete"/>. The same arrays give the same bytes.
/// </summary>
public sealed class NpzWriter : IDisposable
{
    /// <summary>Writes to <paramref name="output"/>, which stays open; for a file take the stream of <see cref="Engine.AtomicFile.Write"/>.</summary>
    public NpzWriter(Stream output) => throw new NotImplementedException();

    /// <summary>Begins an array of shape [rows, <paramref name="rowShape"/>…] whose number of rows is what is appended.</summary>
    public NpzColumn AddColumn(string name, NpyType type, params ReadOnlySpan<int> rowShape) => throw new NotImplementedException();

    /// <summary>Writes all arrays. Nothing may be appended afterwards.</summary>
    public void Complete() => throw new NotImplementedException();

    /// <summary>Removes the temporary files.</summary>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>An array of an <see cref="NpzWriter"/> that grows by rows.</summary>
public sealed class NpzColumn
{
    internal NpzColumn()
    {
    }

    /// <summary>The rows appended so far.</summary>
    public long Rows => throw new NotImplementedException();

    /// <summary>Appends whole rows to a <see cref="NpyType.Float32"/> array.</summary>
    public void Append(ReadOnlySpan<float> rows) => throw new NotImplementedException();

    /// <summary>Appends whole rows to an <see cref="NpyType.Int64"/> array.</summary>
    public void Append(ReadOnlySpan<long> rows) => throw new NotImplementedException();

    /// <summary>Appends whole rows to a <see cref="NpyType.UInt8"/> array.</summary>
    public void Append(ReadOnlySpan<byte> rows) => throw new NotImplementedException();
}
