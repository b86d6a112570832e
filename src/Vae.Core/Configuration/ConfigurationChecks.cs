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

        if (configuration.Model.Likelihood is BernoulliLikelihoodConfiguration
            && data is { Binarization: BinarizationKind.None, Source: not DataSourceKind.BinarizedMnist })
        {
            yield return new(
                "$.data.binarization",
                "\"none\" leaves pixels grey, but the likelihood \"bernoulli\" is one of binary pixels; "
                + "use \"dynamic\", \"static\" or \"threshold\"");
        }
    }
}
