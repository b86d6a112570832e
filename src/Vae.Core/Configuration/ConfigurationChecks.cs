namespace Vae.Core.Configuration;

/// <summary>What one key forbids another.</summary>
internal static class ConfigurationChecks
{
    public static IEnumerable<ConfigurationError> Find(VaeConfiguration configuration) =>
        OfData(configuration)
            .Concat(OfNetworks(configuration.Model))
            .Concat(configuration.Objective.Check("$.objective", configuration.Model))
            .Concat(configuration.Train.Check(hasValidation: configuration.Data.Validation > 0));

    private static IEnumerable<ConfigurationError> OfNetworks(ModelConfiguration model) =>
        OfNetwork("$.model.encoder", model.Encoder).Concat(OfNetwork("$.model.decoder", model.Decoder));

    private static IEnumerable<ConfigurationError> OfNetwork(string path, NetworkConfiguration network)
    {
        if (network is ConvConfiguration { Channels.Count: 0 } or ResNetConfiguration { Channels.Count: 0 })
        {
            yield return new($"{path}.channels", "expected at least one layer, found []; for none use the kind \"linear\"");
        }

        if (network is ConvConfiguration { Stride: var stride, Kernel: var kernel })
        {
            if (kernel < stride)
            {
                yield return new($"{path}.kernel", $"expected at least the stride ({stride}), found {kernel}: pixels between would never be seen");
            }
            else if (stride == 1 && kernel % 2 == 0)
            {
                yield return new($"{path}.kernel", $"expected an odd number, for the stride is 1, found {kernel}");
            }
        }
    }

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
