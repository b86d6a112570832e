namespace Vae.Core.Tests.Fuzzing;

/// <summary>A whole file to be damaged.</summary>
/// <param name="Content">What is damaged.</param>
/// <param name="Pack">
/// Makes the file out of the damaged content, with right lengths and checksums, so that damage reaches what lies behind them; null where
/// the content is the file.
/// </param>
internal sealed record FuzzSeed(byte[] Content, Func<byte[], byte[]>? Pack = null);

/// <summary>A parser and how its files are damaged.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Seeds">Whole files.</param>
/// <param name="Parse">Reads a file, given its bytes and its path; whether it took the file as a good one.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<FuzzSeed> Seeds, Func<byte[], string, bool> Parse)
{
    /// <summary>Words of the format, strewn into files.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether the parser reads from disk; otherwise no file is there and its path is only a name.</summary>
    public bool ReadsDisk { get; init; }

    /// <summary>How each line of a refusal may begin; {path} stands for the file's path.</summary>
    public IReadOnlyList<string> Beginnings { get; init; } = ["{path}: "];

    /// <summary>The kinds of refusals.</summary>
    public IReadOnlyList<FailureKind> Kinds { get; init; } = [FailureKind.BadData];

    public override string ToString() => Name;
}
