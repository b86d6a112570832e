using Vae.Core.Data;
using Vae.Core.Likelihoods;

namespace Vae.Core.Configuration;

/// <summary>What one key forbids another.</summary>
internal static class ConfigurationChecks
{
    public static IEnumerable<ConfigurationError> Find(VaeConfiguration configuration) =>
        configuration.Data.Check("$.data")
        .Concat(Pixels(configuration.Data, configuration.Model.Likelihood))
        .Concat(configuration.Model.Encoder.Check("$.model.encoder"))
        .Concat(configuration.Model.Decoder.Check("$.model.decoder"))
        .Concat(configuration.Objective.Check("$.objective", configuration.Model))
        .Concat(configuration.Train.Check(hasValidation: configuration.Data.Validation > 0));

    /// <summary>Binary pixels and a likelihood of grey ones, or the reverse, give figures that mean nothing.</summary>
    private static IEnumerable<ConfigurationError> Pixels(DataConfiguration data, LikelihoodConfiguration likelihood)
    {
        string name = $"model.likelihood \"{Kind.Find(LikelihoodConfiguration.Kinds, likelihood).Name}\"";
        if (likelihood.PixelTarget == TargetKind.Binary)
        {
            if (data.Binarization == Binarization.None && !data.Source.IsBinary)
            {
                yield return new(
                    "$.data.binarization",
                    $"\"none\" leaves pixels grey, but {name} is one of binary pixels; use \"dynamic\", \"static\" or \"threshold\", or another likelihood");
            }
        }
        else if (data.Source.IsBinary)
        {
            yield return new(
                "$.data.source", $"\"{data.Source.Name}\" has binary pixels, but {name} is one of grey pixels; use \"bernoulli\", or another source");
        }
        else if (data.Binarization != Binarization.None)
        {
            yield return new(
                "$.data.binarization",
                $"\"{ConfigurationName.Of(data.Binarization)}\" makes pixels binary, but {name} is one of grey pixels; set data.binarization to \"none\"");
        }
    }
}
