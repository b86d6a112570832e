using Vae.Core.Data;
using Vae.Core.Likelihoods;

namespace Vae.Core.Configuration;

/// <summary>What one key forbids another.</summary>
internal static class ConfigurationChecks
{
    public static IEnumerable<ConfigurationError> Find(VaeConfiguration configuration) =>
        OfData(configuration)
        .Concat(configuration.Model.Encoder.Check("$.model.encoder"))
        .Concat(configuration.Model.Decoder.Check("$.model.decoder"))
        .Concat(configuration.Objective.Check("$.objective", configuration.Model))
        .Concat(configuration.Train.Check(hasValidation: configuration.Data.Validation > 0));

    private static IEnumerable<ConfigurationError> OfData(VaeConfiguration configuration)
    {
        DataConfiguration data = configuration.Data;
        if (data.TrainImages is { } images && data.Validation >= images)
        {
            yield return new(
                "$.data.validation",
                $"expected fewer than data.train_images ({images}), found {data.Validation}: no image is left to train on");
        }

        foreach (ConfigurationError error in Pixels(data, configuration.Model.Likelihood))
        {
            yield return error;
        }
    }

    /// <summary>Binary pixels and a likelihood of grey ones, or the reverse, give figures that mean nothing.</summary>
    private static IEnumerable<ConfigurationError> Pixels(DataConfiguration data, LikelihoodConfiguration likelihood)
    {
        string name = $"model.likelihood \"{Kind.Find(LikelihoodConfiguration.Kinds, likelihood).Name}\"";
        bool isBinarySource = data.Source == DataSourceKind.BinarizedMnist;
        if (likelihood.PixelTarget == TargetKind.Binary)
        {
            if (data.Binarization == Binarization.None && !isBinarySource)
            {
                yield return new(
                    "$.data.binarization",
                    $"\"none\" leaves pixels grey, but {name} is one of binary pixels; use \"dynamic\", \"static\" or \"threshold\", or another likelihood");
            }
        }
        else if (isBinarySource)
        {
            yield return new(
                "$.data.source", $"\"binarized_mnist\" has binary pixels, but {name} is one of grey pixels; use \"bernoulli\", or another source");
        }
        else if (data.Binarization != Binarization.None)
        {
            yield return new(
                "$.data.binarization",
                $"\"{ConfigurationName.Of(data.Binarization)}\" makes pixels binary, but {name} is one of grey pixels; set data.binarization to \"none\"");
        }
    }
}
