using System.Text.Json.Nodes;

namespace Vae.Benchmarks;

/// <summary>The tuned peers of a case.</summary>
internal sealed record PeerGroup(IReadOnlyList<TunedPeer> Members) : IDisposable
{
    public IEnumerable<Contender> Contenders => Members.Select(peer => new Contender(peer.Name, peer.Run));

    public IReadOnlyDictionary<string, PeerResult> Results => Members.ToDictionary(peer => peer.Name, peer => peer.Result);

    public void Dispose()
    {
        foreach (TunedPeer peer in Members)
        {
            peer.Dispose();
        }
    }
}

/// <summary>What a peer was, beside its times.</summary>
internal sealed record PeerResult
{
    /// <summary>How it worked, in words: of all that was tried the fastest.</summary>
    public string? Setting { get; init; }

    /// <summary>Every setting that was tried, with seconds a unit.</summary>
    public JsonArray? Tried { get; init; }

    /// <summary>"version" and those of what it stands on.</summary>
    public JsonObject? Versions { get; init; }

    /// <summary>The largest memory that it held, in bytes.</summary>
    public long? PeakBytes { get; init; }
}
