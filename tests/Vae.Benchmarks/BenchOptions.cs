using System.Globalization;

namespace Vae.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        usage: scripts/bench [--case NAME…] [--rounds N] [--round-seconds S] [--peer PYTHON] [--no-pytorch] [--no-peer]
                             [--against DIR] [--device auto|cpu|cuda[:n]] [--precision float32|tf32] [--data DIR] [--json FILE]
                             [--page FILE] [--render] [--list]
          --case NAME…       only these cases; --list names them all
          --rounds N         turns of each side (default 7)
          --round-seconds S  how long one turn lasts, about (default 1)
          --peer PYTHON      a Python that has torch (default: python3, then /usr/bin/python3)
          --no-pytorch       without PyTorch
          --no-peer          without plain TorchSharp too
          --against DIR      against another build alone: a checkout whose program and benchmark are built; the two take turns
          --precision NAME   how a GPU multiplies in training, on both sides (default float32)
          --data DIR         train on the MNIST files in this folder instead of the digits that the program draws
          --json FILE        write everything measured; cases that the file has from the same machine and that were not run stay
          --page FILE        write the table into this page, between its two comments; FILE's results/bench.json and bench.svg beside it
          --render           measure nothing: write the page from the results beside it
        """;

    /// <summary>Names of the cases asked for, empty for all.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];

    public int Rounds { get; init; } = 7;

    public double RoundSeconds { get; init; } = 1;

    public string? Peer { get; init; }

    public bool WithoutPyTorch { get; init; }

    /// <summary>Without any peer.</summary>
    public bool WithoutPeer { get; init; }

    /// <summary>The checkout of another build to compare with, in place of the peers.</summary>
    public string? Against { get; init; }

    public string Device { get; init; } = "cpu";

    public Precision Precision { get; init; }

    public string? Data { get; init; }

    public string? Json { get; init; }

    public string? Page { get; init; }

    public bool Render { get; init; }

    public bool List { get; init; }

    public bool Help { get; init; }

    /// <summary>
    /// The target of a case that trains to one, instead of its own. Not in the usage: it is there to try the case in a minute, and the
    /// result has another name.
    /// </summary>
    public double? Nats { get; init; }

    /// <summary>The checkout, for what else must be started.</summary>
    public string Root { get; init; } = ".";

    /// <exception cref="ArgumentException">An argument is not understood; the message is one line.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        BenchOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{name} takes a value");
            options = name switch
            {
                "--case" => options with { Cases = [.. options.Cases, .. Names(arguments, ref i)] },
                "--rounds" => options with { Rounds = Whole(name, Value()) },
                "--round-seconds" => options with { RoundSeconds = Positive(name, Value()) },
                "--peer" => options with { Peer = Value() },
                "--no-pytorch" => options with { WithoutPyTorch = true },
                "--against" => options with { Against = Value() },
                "--no-peer" => options with { WithoutPeer = true },
                "--device" => options with { Device = Value() },
                "--precision" => options with { Precision = OneOf<Precision>(name, Value()) },
                "--data" => options with { Data = Value() },
                "--json" => options with { Json = Value() },
                "--page" => options with { Page = Value() },
                "--nats" => options with { Nats = Positive(name, Value()) },
                "--root" => options with { Root = Value() },
                "--render" => options with { Render = true },
                "--list" => options with { List = true },
                "--help" or "-h" => options with { Help = true },
                _ => throw new ArgumentException($"'{name}' is no option"),
            };
        }

        return options switch
        {
            { Render: true, Page: null } => throw new ArgumentException("--render needs --page"),
            { Against: not null, Page: not null } => throw new ArgumentException("--page shows the peers, not another build"),
            _ => options,
        };
    }

    /// <summary>The same options for one case alone, as a child process gets them.</summary>
    public IEnumerable<string> ForChild(string caseName, string json)
    {
        string[] always =
        [
            "--case", caseName, "--json", json, "--root", Root, "--device", Device, "--precision", ConfigurationText.NameOf(Precision),
            "--rounds", Rounds.ToString(CultureInfo.InvariantCulture),
            "--round-seconds", RoundSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        return
        [
            .. always,
            .. Peer is null ? Array.Empty<string>() : ["--peer", Peer],
            .. WithoutPyTorch ? ["--no-pytorch"] : Array.Empty<string>(),
            .. WithoutPeer ? ["--no-peer"] : Array.Empty<string>(),
            .. Nats is { } nats ? ["--nats", nats.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
            .. Data is null ? Array.Empty<string>() : ["--data", Data],
        ];
    }

    private static List<string> Names(IReadOnlyList<string> arguments, ref int place)
    {
        List<string> names = [];
        while (place + 1 < arguments.Count && !arguments[place + 1].StartsWith('-'))
        {
            names.AddRange(arguments[++place].Split(',', StringSplitOptions.RemoveEmptyEntries));
        }

        return names.Count > 0 ? names : throw new ArgumentException("--case takes one name or more");
    }

    private static T OneOf<T>(string name, string text)
        where T : struct, Enum => Array.FindAll(Enum.GetValues<T>(), value => ConfigurationText.NameOf(value) == text) is [T chosen]
            ? chosen
            : throw new ArgumentException(
                $"{name} takes {string.Join(", ", Enum.GetValues<T>().Select(ConfigurationText.NameOf))}, not '{text}'");

    private static int Whole(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new ArgumentException($"{name} takes a positive whole number, not '{text}'");

    private static double Positive(string name, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"{name} takes a positive number, not '{text}'");
}
