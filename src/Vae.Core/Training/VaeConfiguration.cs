namespace Vae.Core.Training;

/// <summary>Everything that determines a run. Written whole to the run's config.json.</summary>
public sealed record VaeConfiguration : IConfiguration<VaeConfiguration>
{
    internal string? Description { get; init; }
    internal DataConfiguration Data { get; init; } = new() { Source = new MnistSource() }; // the source has no default in a file
    internal ModelConfiguration Model { get; init; } = new GaussianVaeConfiguration();
    internal Objective Objective { get; init; } = new ElboObjective();
    internal TrainConfiguration Train { get; init; } = new();
    internal OutputConfiguration Output { get; init; } = new();

    /// <summary>The keys that but for rounding change nothing in what is learned; a resumed run may give them other values.</summary>
    public static IReadOnlyList<string> KeysThatMayChangeOnResume { get; } =
        ["description", "train.epochs", "train.patience", "train.threads", "train.precision", "output"];

    static VaeConfiguration IConfiguration<VaeConfiguration>.Defaults { get; } = new();

    static IReadOnlyList<GoneKey> IConfiguration<VaeConfiguration>.GoneKeys { get; } =
    [
        new("$.train.cuda_graphs", null, "0.2.0", "TorchSharp has no CUDA graphs; leave the key out"),
        new("$.train.precision", "bfloat16", "0.2.0", "TorchSharp has no automatic casts; use \"tf32\" or \"float32\""),
    ];

    /// <summary>Reads a configuration file. Every key but <c>data.source</c> has a default.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Assignments such as <c>model.latent=32</c> that replace what the file says, the last one winning.</param>
    /// <param name="ofRun">Whether a run wrote it, of an earlier version perhaps: what is gone since is then passed over.</param>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.MissingInput"/>: the file is not there or may not be read. <see cref="FailureKind.BadData"/>: the file
    /// is wrong. <see cref="FailureKind.Usage"/>: only the overrides are wrong. With several errors, the message has one line each.
    /// </exception>
    public static VaeConfiguration Read(string path, IEnumerable<string>? overrides = null, bool ofRun = false) =>
        ConfigurationReader.Read<VaeConfiguration>(path, overrides, ofRun);

    /// <summary>Reads a configuration from a text that messages call by the name; otherwise as <see cref="Read"/>.</summary>
    public static VaeConfiguration Parse(string json, string name, IEnumerable<string>? overrides = null, bool ofRun = false) =>
        ConfigurationReader.Parse<VaeConfiguration>(Encoding.UTF8.GetBytes(json), name, overrides, ofRun);

    /// <summary>The same with assignments made in it, as <see cref="Read"/> makes them; messages call it by the name.</summary>
    public VaeConfiguration With(IEnumerable<string> overrides, string name) => Parse(ConfigurationWriter.Write(this), name, overrides);

    /// <summary>Whether a resumed run may differ in a key, <c>train.epochs</c> for example, from the run that it resumes.</summary>
    internal static bool MayChangeOnResume(string key) =>
        KeysThatMayChangeOnResume.Any(allowed => key == allowed || key.StartsWith(allowed + ".", StringComparison.Ordinal));

    IEnumerable<ConfigurationError> IConfiguration<VaeConfiguration>.Check() =>
        Data.Check("$.data")
        .Concat(CheckPixels())
        .Concat(Model.Check("$.model"))
        .Concat(Objective.Check("$.objective", Model))
        .Concat(Train.Check(hasValidation: Data.Validation > 0));

    static VaeConfiguration IConfiguration<VaeConfiguration>.Map(ConfigurationVisitor visitor, VaeConfiguration value) => value with
    {
        Description = visitor.OptionalText("description", value.Description, 10_000, "what this is for; nothing depends on it"),
        Data = visitor.Section("data", value.Data, DataConfiguration.Map, "the images, their split and their transform"),
        Model =
            visitor.Variant("model", value.Model, ModelConfiguration.Kinds, "the latent space, the networks, the prior, the likelihood"),
        Objective = visitor.Variant("objective", value.Objective, Objectives.Objective.Kinds, "what training maximizes"),
        Train = visitor.Section("train", value.Train, TrainConfiguration.Map, "how training goes about it"),
        Output = visitor.Section("output", value.Output, OutputConfiguration.Map, "what a run leaves on disk; may change on resume"),
    };

    /// <summary>Binary pixels and a likelihood of grey ones, or the reverse, give figures that mean nothing.</summary>
    private IEnumerable<ConfigurationError> CheckPixels()
    {
        string name = $"model.likelihood \"{Kind.Find(LikelihoodConfiguration.Kinds, Model.Likelihood).Name}\"";
        if (Model.Likelihood.PixelTarget == TargetKind.Binary)
        {
            if (Data.Binarization == Binarization.None && !Data.Source.IsBinary)
            {
                yield return new(
                    "$.data.binarization",
                    $"\"none\" leaves pixels grey, but {name} is one of binary pixels; "
                    + "use \"dynamic\", \"static\" or \"threshold\", or another likelihood");
            }
        }
        else if (Data.Source.IsBinary)
        {
            yield return new(
                "$.data.source",
                $"\"{Data.Source.Name}\" has binary pixels, but {name} is one of grey pixels; use \"bernoulli\", or another source");
        }
        else if (Data.Binarization != Binarization.None)
        {
            yield return new(
                "$.data.binarization",
                $"\"{ConfigurationText.NameOf(Data.Binarization)}\" makes pixels binary, but {name} is one of grey pixels; "
                + "set data.binarization to \"none\"");
        }
    }
}

/// <summary>What a run leaves on disk beside its checkpoints and metrics. None of it changes what is learned.</summary>
internal sealed record OutputConfiguration
{
    public string Runs { get; init; } = "runs";
    public int SampleEvery { get; init; } = 1;
    public int Samples { get; init; } = 64;

    public static OutputConfiguration Map(ConfigurationVisitor visitor, OutputConfiguration value) => value with
    {
        Runs = visitor.Text("runs", value.Runs, 1_000, "the folder in which run folders are made"),
        SampleEvery = visitor.Integer("sample_every", value.SampleEvery, 0, 1_000_000, "epochs between grids of samples; 0 for none"),
        Samples = visitor.Integer("samples", value.Samples, 1, 10_000, "images in each grid of samples"),
    };
}
