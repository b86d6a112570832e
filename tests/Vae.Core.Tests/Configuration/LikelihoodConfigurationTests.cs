using System.Text.Json;

namespace Vae.Core.Tests.Configuration;

/// <summary>The likelihoods' keys at their defaults, malformed and out of range, and the pixels they refuse.</summary>
public class LikelihoodConfigurationTests
{
    private const string Grey = """{ "data": { "source": "digits", "binarization": "none" } }""";

    [Theory]
    [InlineData("bernoulli", """{"kind":"bernoulli"}""", "dynamic")]
    [InlineData("continuous_bernoulli", """{"kind":"continuous_bernoulli","target":"dequantized"}""")]
    [InlineData("gaussian", """{"kind":"gaussian","variance":{"kind":"analytic"},"target":"dequantized"}""")]
    [InlineData("laplace", """{"kind":"laplace","scale":{"kind":"analytic"},"target":"dequantized"}""")]
    [InlineData("discretized_logistic", """{"kind":"discretized_logistic","scale":{"kind":"learned_pixel"}}""")]
    [InlineData("categorical", """{"kind":"categorical"}""")]
    public void A_name_alone_leaves_every_key_at_its_default(string name, string expected, string binarization = "none") =>
        Assert.Equal(expected, Written([$"model.likelihood={name}", $"data.binarization={binarization}"]));

    [Theory]
    [InlineData("gaussian", "variance=fixed", """{"kind":"gaussian","variance":{"kind":"fixed","sigma":1},"target":"dequantized"}""")]
    [InlineData(
        "gaussian",
        "variance.kind=fixed variance.sigma=0.1",
        """{"kind":"gaussian","variance":{"kind":"fixed","sigma":0.1},"target":"dequantized"}""")]
    [InlineData(
        "gaussian", "variance=learned_scalar", """{"kind":"gaussian","variance":{"kind":"learned_scalar"},"target":"dequantized"}""")]
    [InlineData("gaussian", "variance=learned_pixel", """{"kind":"gaussian","variance":{"kind":"learned_pixel"},"target":"dequantized"}""")]
    [InlineData("gaussian", "target=unit_interval", """{"kind":"gaussian","variance":{"kind":"analytic"},"target":"unit_interval"}""")]
    [InlineData(
        "laplace", "scale.kind=fixed scale.scale=2", """{"kind":"laplace","scale":{"kind":"fixed","scale":2},"target":"dequantized"}""")]
    [InlineData("laplace", "scale=learned_scalar", """{"kind":"laplace","scale":{"kind":"learned_scalar"},"target":"dequantized"}""")]
    [InlineData("continuous_bernoulli", "target=unit_interval", """{"kind":"continuous_bernoulli","target":"unit_interval"}""")]
    [InlineData("discretized_logistic", "scale=learned_scalar", """{"kind":"discretized_logistic","scale":{"kind":"learned_scalar"}}""")]
    public void Each_key_takes_what_it_is_for(string name, string keys, string expected) =>
        Assert.Equal(expected, Written([$"model.likelihood.kind={name}", .. keys.Split(' ').Select(key => $"model.likelihood.{key}")]));

    [Theory]
    [InlineData("gaussian", "variance", "null", "1", "\"mse\"", "[]", "\"Analytic\"")]
    [InlineData("gaussian", "target", "null", "1", "\"levels\"", "[]", "true")]
    [InlineData("laplace", "scale", "null", "1", "\"variance\"", "[]")]
    [InlineData("laplace", "target", "null", "\"binary\"", "0")]
    [InlineData("continuous_bernoulli", "target", "null", "\"binary\"", "0")]
    [InlineData("discretized_logistic", "scale", "null", "1", "\"fixed\"", "\"analytic\"", "[]")]
    public void Each_key_refuses_what_it_does_not_know(string name, string key, params string[] values) =>
        AssertRefused(name, "", key, values);

    [Theory]
    [InlineData("gaussian", "variance", "sigma")]
    [InlineData("laplace", "scale", "scale")]
    public void A_fixed_scale_is_a_number_neither_tiny_nor_huge(string name, string section, string key)
    {
        AssertRefused(name, $"{section}.kind=fixed", $"{section}.{key}", "0", "-1", "9e-7", "1e6", "1e999", "null", "\"1\"", "NaN");
        Assert.Contains(
            "1E-06",
            Written([$"model.likelihood.kind={name}", $"model.likelihood.{section}.kind=fixed", $"model.likelihood.{section}.{key}=1e-6"]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bernoulli", "target")]
    [InlineData("categorical", "scale")]
    [InlineData("gaussian", "scale")]
    [InlineData("discretized_logistic", "target")]
    public void A_key_of_another_likelihood_is_unknown(string name, string key)
    {
        string binarization = name == "bernoulli" ? "dynamic" : "none";
        VaeException refusal = Assert.Throws<VaeException>(
            () => Written([$"data.binarization={binarization}", $"model.likelihood.kind={name}", $"model.likelihood.{key}=1"]));

        Assert.Contains($"$.model.likelihood.{key}: unknown key", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("digits", false)]
    [InlineData("mnist", false)]
    [InlineData("fashion_mnist", false)]
    [InlineData("binarized_mnist", true)]
    public void Grey_pixels_are_refused_under_a_likelihood_of_binary_ones(string source, bool accepted)
    {
        string json = $$"""{ "data": { "source": "{{source}}", "binarization": "none" } }""";

        if (accepted)
        {
            Assert.Equal(Binarization.None, VaeConfiguration.Parse(json, "FILE").Data.Binarization);
        }
        else
        {
            Assert.Equal(
                "FILE: $.data.binarization: \"none\" leaves pixels grey, but model.likelihood \"bernoulli\" is one of binary pixels; "
                + "use \"dynamic\", \"static\" or \"threshold\", or another likelihood",
                Assert.Throws<VaeException>(() => VaeConfiguration.Parse(json, "FILE")).Message);
        }
    }

    [Theory]
    [InlineData("digits", "dynamic", "$.data.binarization: \"dynamic\" makes pixels binary")]
    [InlineData("digits", "static", "$.data.binarization: \"static\" makes pixels binary")]
    [InlineData("digits", "threshold", "$.data.binarization: \"threshold\" makes pixels binary")]
    [InlineData("binarized_mnist", "none", "$.data.source: \"binarized_mnist\" has binary pixels")]
    public void Binary_pixels_are_refused_under_a_likelihood_of_grey_ones(string source, string binarization, string expected)
    {
        foreach (string? name in new[] { "continuous_bernoulli", "gaussian", "laplace", "discretized_logistic", "categorical" })
        {
            string json =
                $$"""{ "data": { "source": "{{source}}", "binarization": "{{binarization}}" }, "model": { "likelihood": "{{name}}" } }""";
            VaeException refusal = Assert.Throws<VaeException>(() => VaeConfiguration.Parse(json, "FILE"));

            Assert.StartsWith("FILE: " + expected, refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"model.likelihood \"{name}\"", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    private static string Written(string[] overrides)
    {
        using JsonDocument document = JsonDocument.Parse(
            ConfigurationWriter.Write(VaeConfiguration.Parse(Grey, "FILE", overrides), indented: false));
        return document.RootElement.GetProperty("model").GetProperty("likelihood").GetRawText();
    }

    private static void AssertRefused(string name, string companion, string key, params string[] values)
    {
        string[] context = [$"model.likelihood.kind={name}", .. companion.Length > 0 ? new[] { $"model.likelihood.{companion}" } : []];
        foreach (string value in values)
        {
            VaeException? refusal = Record.Exception(() => Written([.. context, $"model.likelihood.{key}={value}"])) as VaeException;

            Assert.True(refusal is not null, $"{key}={value} was accepted");
            Assert.Contains($"$.model.likelihood.{key}", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(": expected ", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }
}
