using System.Text.Json.Nodes;
using Vae.Core.Distributions;
using Vae.Core.Networks;

namespace Vae.Benchmarks;

/// <summary>A configuration as the peers are told it.</summary>
internal static class PeerSpecification
{
    public static JsonObject ForTraining(VaeConfiguration configuration, ImageShape shape, string pixels)
    {
        JsonObject specification = ForModel((GaussianVaeConfiguration)configuration.Model, shape, pixels);
        specification["kind"] = "training";
        specification["batch"] = configuration.Train.BatchSize;
        specification["learning_rate"] = configuration.Train.LearningRate;
        specification["epsilon"] = ((AdamConfiguration)configuration.Train.Optimizer).Epsilon;
        specification["samples"] = configuration.Objective is IwaeObjective iwae ? iwae.Samples : 0;
        return specification;
    }

    public static JsonObject ForEpochs(VaeConfiguration configuration, ImageShape shape, string pixels, string validation)
    {
        JsonObject specification = ForTraining(configuration, shape, pixels);
        specification["kind"] = "epoch";
        specification["validation"] = validation;
        specification["decay_epochs"] = configuration.Train.Schedule switch
        {
            ConstantSchedule => 0,
            CosineSchedule { WarmupEpochs: 0, Final: 0 } cosine => cosine.Epochs ?? configuration.Train.Epochs,
            _ => throw new NotSupportedException($"the peer has no schedule like {configuration.Train.Schedule}"),
        };
        return specification;
    }

    /// <summary>How first weights are drawn.</summary>
    public static string InitializerName(GaussianVaeConfiguration model) => (model.Initializer, model.OutputBias) switch
    {
        (Initializer.Pytorch, OutputBias.Initializer) => "pytorch",
        (Initializer.He, OutputBias.Initializer) => "he",
        _ => throw new NotSupportedException($"the peer does not draw weights by {model.Initializer} and {model.OutputBias}"),
    };

    public static JsonObject ForEvaluation(GaussianVaeConfiguration model, ImageShape shape, string pixels, int samples)
    {
        JsonObject specification = ForModel(model, shape, pixels);
        specification["kind"] = "evaluation";
        specification["samples"] = samples;
        return specification;
    }

    private static JsonObject ForModel(GaussianVaeConfiguration model, ImageShape shape, string pixels) => new()
    {
        ["shape"] = new JsonArray(shape.Channels, shape.Height, shape.Width),
        ["pixels"] = pixels,
        ["latent"] = model.Latent,
        ["encoder"] = Network(model.Encoder),
        ["decoder"] = Network(model.Decoder),
        ["log_variance_bounds"] = model.Posterior == LogVarianceBound.Wide
            ? null // so wide that they change nothing
            : new JsonArray(model.Posterior.Minimum, model.Posterior.Maximum),
    };

    private static JsonObject Network(NetworkConfiguration network) => network switch
    {
        MlpConfiguration mlp => new JsonObject
        {
            ["kind"] = "mlp",
            ["hidden"] = Integers(mlp.Hidden),
            ["activation"] = ActivationName(mlp.Activation),
        },
        GatedMlpConfiguration gated => new JsonObject { ["kind"] = "gated_mlp", ["hidden"] = Integers(gated.Hidden) },
        ConvConfiguration { Kernel: 4, Stride: 2, Normalization: Normalization.None } conv => new JsonObject
        {
            ["kind"] = "conv",
            ["channels"] = Integers(conv.Channels),
            ["hidden"] = Integers(conv.Hidden),
            ["activation"] = ActivationName(conv.Activation),
        },
        _ => throw new NotSupportedException($"the peer has no network like {network}"),
    };

    private static JsonArray Integers(IEnumerable<int> values) => [.. values.Select(value => JsonValue.Create(value))];

    private static string ActivationName(Activation kind) => kind switch
    {
        Activation.Relu => "relu",
        Activation.Tanh => "tanh",
        _ => throw new NotSupportedException($"the peer has no {kind}"),
    };
}
