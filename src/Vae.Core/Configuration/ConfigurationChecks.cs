namespace Vae.Core.Configuration;

/// <summary>What one key forbids another.</summary>
internal static class ConfigurationChecks
{
    public static IEnumerable<ConfigurationError> Find(VaeConfiguration configuration)
    {
        var data = configuration.Data;
        if (data.TrainImages is { } images && data.Validation >= images)
        {
            yield return new(
                "$.data.validation",
                $"expected fewer than data.train_images ({images}), found {data.Validation}: no image is left to train on");
        }

        foreach (var error in Pixels(data, configuration.Model.Likelihood))
        {
            yield return error;
        }
    }

    /// <summary>Binary pixels and a likelihood of grey ones, or the reverse, give figures that mean nothing.</summary>
    private static IEnumerable<ConfigurationError> Pixels(DataConfiguration data, LikelihoodConfiguration likelihood)
    {
        var name = $"model.likelihood \"{Kind.Find(LikelihoodConfiguration.Kinds, likelihood).Name}\"";
        var isBinarySource = data.Source == DataSourceKind.BinarizedMnist;
        if (likelihood is BernoulliLikelihoodConfiguration)
        {
            if (data.Binarization == BinarizationKind.None && !isBinarySource)
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
        else if (data.Binarization != BinarizationKind.None)
        {
            yield return new(
                "$.data.binarization",
                $"\"{ConfigurationName.Of(data.Binarization)}\" makes pixels binary, but {name} is one of grey pixels; set data.binarization to \"none\"");
        }
    }
}
