using System.Text.Json;

namespace Vae.Core.Tests.Configuration;

/// <summary>Each key at its default, at its limits, malformed and out of range.</summary>
public class ConfigurationKeyTests
{
    private const string Minimal = """{ "data": { "source": "digits" } }""";
    private const string TooLong = "99999999999999999999";

    private static VaeConfiguration Read(string path, string json) => VaeConfiguration.Parse(Minimal, "FILE", [$"{path}={json}"]);

    private static string Written(VaeConfiguration configuration, string path)
    {
        using JsonDocument document = JsonDocument.Parse(ConfigurationWriter.Write(configuration));
        return path.Split('.').Aggregate(document.RootElement, (element, key) => element.GetProperty(key)).GetRawText();
    }

    [Theory]
    [InlineData("description", "null")]
    [InlineData("data.binarization", "\"dynamic\"")]
    [InlineData("data.validation", "10000")]
    [InlineData("data.train_images", "null")]
    [InlineData("data.test_images", "null")]
    [InlineData("model.latent", "20")]
    [InlineData("model.likelihood.kind", "\"bernoulli\"")]
    [InlineData("model.prior.kind", "\"standard_normal\"")]
    [InlineData("model.posterior.log_variance_minimum", "-30")]
    [InlineData("model.posterior.log_variance_maximum", "30")]
    [InlineData("model.encoder.kind", "\"mlp\"")]
    [InlineData("model.encoder.hidden", "[400]")]
    [InlineData("model.encoder.activation", "\"relu\"")]
    [InlineData("model.encoder.normalization", "\"none\"")]
    [InlineData("model.decoder.kind", "\"mlp\"")]
    [InlineData("model.decoder.hidden", "[400]")]
    [InlineData("model.decoder.activation", "\"relu\"")]
    [InlineData("model.decoder.normalization", "\"none\"")]
    [InlineData("model.initializer", "\"pytorch\"")]
    [InlineData("model.output_bias", "\"initializer\"")]
    [InlineData("objective.kind", "\"elbo\"")]
    [InlineData("objective.beta", "1")]
    [InlineData("objective.warmup_epochs", "0")]
    [InlineData("objective.cycle_epochs", "0")]
    [InlineData("train.epochs", "20")]
    [InlineData("train.batch_size", "128")]
    [InlineData("train.learning_rate", "0.001")]
    [InlineData("train.schedule.kind", "\"constant\"")]
    [InlineData("train.optimizer.kind", "\"adam\"")]
    [InlineData("train.optimizer.beta1", "0.9")]
    [InlineData("train.optimizer.beta2", "0.999")]
    [InlineData("train.optimizer.epsilon", "1E-08")]
    [InlineData("train.gradient_clip", "0")]
    [InlineData("train.ema_decay", "0")]
    [InlineData("train.patience", "0")]
    [InlineData("train.seed", "1")]
    [InlineData("train.precision", "\"float32\"")]
    [InlineData("train.checkpoint_every_steps", "0")]
    [InlineData("train.on_divergence", "\"stop\"")]
    [InlineData("output.runs", "\"runs\"")]
    [InlineData("output.sample_every", "1")]
    [InlineData("output.samples", "64")]
    public void Each_key_has_its_default(string path, string expected) =>
        Assert.Equal(expected, Written(VaeConfiguration.Parse(Minimal, "FILE"), path));

    [Theory]
    [InlineData("description", "\"what it is for\"")]
    [InlineData("description", "null")]
    [InlineData("data.source", "\"mnist\"")]
    [InlineData("data.source", "\"fashion_mnist\"")]
    [InlineData("data.source", "\"binarized_mnist\"")]
    [InlineData("data.source", "\"digits\"")]
    [InlineData("data.binarization", "\"static\"")]
    [InlineData("data.binarization", "\"dynamic\"")]
    [InlineData("data.binarization", "\"threshold\"")]
    [InlineData("data.validation", "0")]
    [InlineData("data.validation", "2000000")]
    [InlineData("data.train_images", "10001")]
    [InlineData("data.train_images", "2000000")]
    [InlineData("data.train_images", "null")]
    [InlineData("data.test_images", "1")]
    [InlineData("data.test_images", "2000000")]
    [InlineData("data.test_images", "null")]
    [InlineData("model.latent", "1")]
    [InlineData("model.latent", "100000")]
    [InlineData("model.posterior.log_variance_minimum", "-6")]
    [InlineData("model.posterior.log_variance_maximum", "2")]
    [InlineData("model.encoder.hidden", "[]")]
    [InlineData("model.encoder.hidden", "[1, 100000]")]
    [InlineData("model.encoder.activation", "\"relu\"")]
    [InlineData("model.encoder.activation", "\"tanh\"")]
    [InlineData("model.encoder.activation", "\"elu\"")]
    [InlineData("model.encoder.activation", "\"silu\"")]
    [InlineData("model.encoder.activation", "\"gelu\"")]
    [InlineData("model.encoder.activation", "\"leaky_relu\"")]
    [InlineData("model.encoder.activation", "\"softplus\"")]
    [InlineData("model.decoder.hidden", "[512, 256, 128]")]
    [InlineData("model.decoder.activation", "\"tanh\"")]
    [InlineData("objective.beta", "0")]
    [InlineData("objective.beta", "0.1")]
    [InlineData("objective.beta", "1.7976931348623157E+308")]
    [InlineData("objective.warmup_epochs", "1000000")]
    [InlineData("train.epochs", "1")]
    [InlineData("train.epochs", "1000000")]
    [InlineData("train.batch_size", "1")]
    [InlineData("train.batch_size", "1000000")]
    [InlineData("train.learning_rate", "1E+20")]
    [InlineData("train.learning_rate", "5E-324")]
    [InlineData("train.optimizer.beta1", "0")]
    [InlineData("train.optimizer.beta2", "0.9999999")]
    [InlineData("train.optimizer.epsilon", "0.1")]
    [InlineData("model.encoder.normalization", "\"layer\"")]
    [InlineData("model.initializer", "\"he\"")]
    [InlineData("model.initializer", "\"xavier\"")]
    [InlineData("model.initializer", "\"orthogonal\"")]
    [InlineData("model.output_bias", "\"data_mean\"")]
    [InlineData("train.gradient_clip", "5E-324")]
    [InlineData("train.gradient_clip", "100")]
    [InlineData("train.ema_decay", "0.9999")]
    [InlineData("train.patience", "1")]
    [InlineData("train.patience", "1000000")]
    [InlineData("train.seed", "0")]
    [InlineData("train.seed", "9223372036854775807")]
    [InlineData("train.precision", "\"tf32\"")]
    [InlineData("train.checkpoint_every_steps", "2147483647")]
    [InlineData("train.on_divergence", "\"stop\"")]
    [InlineData("train.on_divergence", "\"rewind\"")]
    [InlineData("output.runs", "\"/tmp/my runs\"")]
    [InlineData("output.sample_every", "0")]
    [InlineData("output.sample_every", "1000000")]
    [InlineData("output.samples", "1")]
    [InlineData("output.samples", "10000")]
    public void Each_key_takes_what_lies_within_its_limits(string path, string json) => Assert.Equal(json, Written(Read(path, json), path));

    [Theory]
    [InlineData("description", "5", "\"\"", "[]", "\"a\\u0007\"")]
    [InlineData("data.source", "null", "\"MNIST\"", "\"fashionMnist\"", "0", "[]", "{}")]
    [InlineData("data.binarization", "null", "\"Dynamic\"", "true", "1")]
    [InlineData("data.validation", "null", "-1", "2000001", "0.5", "\"10\"", "1e3", TooLong)]
    [InlineData("data.train_images", "0", "-1", "2000001", "20000.0", "\"all\"", "[]", TooLong)]
    [InlineData("data.test_images", "0", "-1", "2000001", "1.5", "\"all\"", "[]", TooLong)]
    [InlineData("model.latent", "0", "-1", "100001", "20.5", "\"20\"", "null", "[20]", TooLong)]
    [InlineData("model.likelihood", "null", "\"gauss\"", "5", "[]")]
    [InlineData("model.prior", "null", "\"flow\"", "5", "[]")]
    [InlineData("model.posterior.log_variance_minimum", "0", "-100.5", "null", "\"-6\"", "1e999")]
    [InlineData("model.posterior.log_variance_maximum", "0", "100", "-1", "null", "\"2\"", "1e999")]
    [InlineData("model.encoder", "null", "\"convolutional\"", "5", "[]")]
    [InlineData("model.decoder", "null", "\"MLP\"", "5", "[]")]
    [InlineData("model.encoder.hidden", "null", "400", "{}", "\"400\"")]
    [InlineData("model.decoder.hidden", "null", "400", "{}", "\"400\"")]
    [InlineData("model.encoder.activation", "null", "\"swish\"", "0", "[]")]
    [InlineData("model.decoder.activation", "null", "\"ReLU\"", "0", "[]")]
    [InlineData("objective.beta", "-0.1", "null", "\"1\"", "1e999", "-1e999", "NaN", "[]")]
    [InlineData("objective.warmup_epochs", "-1", "1000001", "0.5", "null", "\"0\"", TooLong)]
    [InlineData("objective.cycle_epochs", "-1", "1000001", "0.5", "null", "\"0\"", TooLong)]
    [InlineData("train.epochs", "0", "-1", "1000001", "1.5", "null", "\"20\"", TooLong)]
    [InlineData("train.batch_size", "0", "-1", "1000001", "1.5", "null", "\"128\"", TooLong)]
    [InlineData("train.learning_rate", "0", "-0.0", "-1e-3", "1e-999", "1e999", "null", "\"1e-3\"", "NaN", "Infinity")]
    [InlineData("model.encoder.normalization", "null", "\"batch\"", "\"group\"", "0")]
    [InlineData("model.initializer", "null", "\"kaiming\"", "0", "[]")]
    [InlineData("model.output_bias", "null", "\"zero\"", "0", "true")]
    [InlineData("train.schedule", "null", "\"linear\"", "1", "[]")]
    [InlineData("train.gradient_clip", "-1", "null", "\"1\"", "1e999")]
    [InlineData("train.ema_decay", "1", "-0.1", "null", "\"0.9\"", "true")]
    [InlineData("train.patience", "-1", "1000001", "0.5", "null", TooLong)]
    [InlineData("train.optimizer", "null", "\"rmsprop\"", "1", "[]")]
    [InlineData("train.optimizer.beta1", "1", "-0.1", "null", "\"0.9\"", "1e999")]
    [InlineData("train.optimizer.beta2", "1", "-0.1", "null", "\"0.9\"", "1e999")]
    [InlineData("train.optimizer.epsilon", "0", "-1e-8", "null", "\"1e-8\"", "1e999")]
    [InlineData("train.seed", "-1", "9223372036854775808", "1.5", "null", "\"1\"")]
    [InlineData("train.precision", "null", "\"TF32\"", "\"float16\"", "32")]
    [InlineData("train.checkpoint_every_steps", "-1", "2147483648", "1.5", "null", "\"1\"")]
    [InlineData("train.on_divergence", "null", "\"Stop\"", "\"retry\"", "true")]
    [InlineData("output.runs", "\"\"", "null", "5", "[]", "\"a\\u0000b\"", "\"a\\nb\"")]
    [InlineData("output.sample_every", "-1", "1000001", "1.5", "null", "\"1\"")]
    [InlineData("output.samples", "0", "-1", "10001", "1.5", "null", "\"64\"")]
    public void Each_key_refuses_what_is_malformed_or_out_of_range(string path, params string[] values)
    {
        foreach (string value in values)
        {
            VaeException? refusal = Record.Exception(() => Read(path, value)) as VaeException;

            Assert.True(refusal is not null, $"{path}={value} was accepted");
            Assert.Equal(FailureKind.Usage, refusal.Kind);
            Assert.Contains($"$.{path}: expected ", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    [Theory]
    [InlineData("[0]", "$.model.encoder.hidden[0]: expected an integer of 1 to 100000, found 0")]
    [InlineData("[400, 100001]", "$.model.encoder.hidden[1]: expected an integer of 1 to 100000, found 100001")]
    [InlineData("[400, 2.5]", "$.model.encoder.hidden[1]: expected an integer of 1 to 100000, found 2.5")]
    [InlineData("[[400]]", "$.model.encoder.hidden[0]: expected an integer of 1 to 100000, found an array")]
    public void The_width_that_is_wrong_is_named(string json, string expected) =>
        Assert.EndsWith(expected, Assert.Throws<VaeException>(() => Read("model.encoder.hidden", json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("model.prior=mixture", "model.prior.components", "10", "1", "0", "100001", "1.5", "null")]
    [InlineData("model.prior=mixture", "model.prior.spread", "1", "0.5", "0", "-1", "null", "1e999")]
    [InlineData("model.prior=vamp", "model.prior.pseudo_inputs", "500", "1", "0", "100001", "1.5", "null")]
    [InlineData("model.prior=vamp", "model.prior.start", "\"images\"", "\"mean\"", "\"Mean\"", "null", "0")]
    [InlineData("model.prior=vamp", "model.prior.start_noise", "0.01", "0", "-0.1", "null", "1e999")]
    [InlineData("objective=free_bits", "objective.lambda", "0.25", "0", "-1", "null", "1e999")]
    [InlineData("objective=free_bits", "objective.beta", "1", "0.5", "-1", "null")]
    [InlineData("objective=capacity", "objective.gamma", "100", "0", "-1", "null", "1e999")]
    [InlineData("objective=capacity", "objective.capacity", "25", "0", "-1", "null", "1e999")]
    [InlineData("objective=capacity", "objective.rise_epochs", "10", "0", "-1", "1000001", "1.5", "null")]
    [InlineData("objective=iwae", "objective.samples", "5", "50", "0", "100001", "1.5", "null")]
    [InlineData("objective=iwae", "objective.gradient", "\"standard\"", "\"dreg\"", "\"DREG\"", "null", "1")]
    [InlineData("objective=iwae", "objective.gradient", "\"standard\"", "\"stl\"", "\"\"")]
    [InlineData("objective=beta_tc", "objective.beta", "6", "1", "-1", "null", "1e999")]
    [InlineData("objective=mmd", "objective.kl_weight", "0", "1", "-1", "null", "1e999")]
    [InlineData("objective=mmd", "objective.mmd_weight", "1000", "0", "-1", "null", "1e999")]
    [InlineData("objective=mmd", "objective.kernel", "\"imq\"", "\"rbf\"", "\"gaussian\"", "null")]
    [InlineData("objective=mmd", "objective.bandwidth", "1", "2", "0", "-1", "null", "1e999")]
    public void Each_key_of_another_kind_has_a_default_takes_what_is_right_and_refuses_the_rest(
        string kind, string path, string standard, string taken, params string[] refused)
    {
        VaeConfiguration With(string json) => VaeConfiguration.Parse(Minimal, "FILE", [kind, $"{path}={json}"]);

        Assert.Equal(standard, Written(VaeConfiguration.Parse(Minimal, "FILE", [kind]), path));
        Assert.Equal(taken, Written(With(taken), path));
        Assert.All(
            refused,
            value => Assert.Contains(
                $"$.{path}: expected ", Assert.Throws<VaeException>(() => With(value)).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Depth_has_a_limit()
    {
        string Layers(int count) => $"[{string.Join(',', Enumerable.Repeat(1, count))}]";

        Assert.Equal(64, ((MlpConfiguration)Read("model.encoder.hidden", Layers(64)).Model.Encoder).Hidden.Count);
        Assert.EndsWith(
            "expected an array of up to 64 integers, found 65",
            Assert.Throws<VaeException>(() => Read("model.encoder.hidden", Layers(65))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Minus_zero_is_zero() => Assert.Equal("0", Written(Read("objective.beta", "-0.0"), "objective.beta"));
}
