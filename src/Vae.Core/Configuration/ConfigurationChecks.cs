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

        if (configuration.Objective is WeightedObjectiveConfiguration { CycleEpochs: > 0 } weighted
            && (weighted.WarmupEpochs == 0 || weighted.WarmupEpochs > weighted.CycleEpochs))
        {
            yield return new(
                "$.objective.cycle_epochs",
                $"a cycle is a warm-up and what is left; with {weighted.CycleEpochs} here set objective.warmup_epochs to 1 to {weighted.CycleEpochs}, "
                + $"found {weighted.WarmupEpochs}");
        }

        if (configuration.Objective is FreeBitsObjectiveConfiguration && configuration.Model.Prior is not StandardNormalPriorConfiguration)
        {
            yield return new(
                "$.objective.kind",
                "\"free_bits\" counts nats for each latent dimension alone, which needs the prior \"standard_normal\"");
        }
    }
}
