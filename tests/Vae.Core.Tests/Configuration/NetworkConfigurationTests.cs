using System.Text.Json;

namespace Vae.Core.Tests.Configuration;

/// <summary>The keys of the networks, optimizers and schedules that are not the default ones.</summary>
public class NetworkConfigurationTests
{
    private const string Minimal = """{ "data": { "source": "digits" } }""";

    [Theory]
    [InlineData("model.encoder", "gated_mlp", """{"kind":"gated_mlp","hidden":[300,300]}""")]
    [InlineData(
        "model.encoder",
        "conv",
        """{"kind":"conv","channels":[32,64],"kernel":4,"stride":2,"hidden":[],"activation":"relu","normalization":"none"}""")]
    [InlineData(
        "model.decoder",
        "conv",
        """{"kind":"conv","channels":[64,32],"kernel":4,"stride":2,"hidden":[],"activation":"relu","normalization":"none"}""")]
    [InlineData(
        "model.encoder", "resnet", """{"kind":"resnet","channels":[32,64],"blocks":1,"activation":"silu","normalization":"group"}""")]
    [InlineData(
        "model.decoder", "resnet", """{"kind":"resnet","channels":[64,32],"blocks":1,"activation":"silu","normalization":"group"}""")]
    [InlineData("model.decoder", "linear", """{"kind":"linear"}""")]
    [InlineData("train.optimizer", "adamw", """{"kind":"adamw","beta1":0.9,"beta2":0.999,"epsilon":1E-08,"weight_decay":0.01}""")]
    [InlineData("train.optimizer", "adamax", """{"kind":"adamax","beta1":0.9,"beta2":0.999,"epsilon":1E-08}""")]
    [InlineData("train.optimizer", "sgd", """{"kind":"sgd","momentum":0.9,"nesterov":false}""")]
    [InlineData("train.schedule", "step", """{"kind":"step","every_epochs":10,"factor":0.5}""")]
    [InlineData("train.schedule", "cosine", """{"kind":"cosine","epochs":null,"warmup_epochs":0,"final":0}""")]
    [InlineData("train.schedule", "burda", """{"kind":"burda"}""")]
    [InlineData("train.schedule", "plateau", """{"kind":"plateau","patience":10,"factor":0.5}""")]
    public void A_name_alone_leaves_every_key_at_its_default(string path, string kind, string expected) =>
        Assert.Equal(expected, Written(path, $"{path}={kind}"));

    [Theory]
    [InlineData("model.encoder.kind=conv", "model.encoder.channels", "[1, 10000]")]
    [InlineData("model.encoder.kind=conv", "model.encoder.kernel", "31")]
    [InlineData("model.encoder.kind=conv", "model.encoder.stride", "4")]
    [InlineData("model.encoder.kind=conv", "model.encoder.hidden", "[256]")]
    [InlineData("model.encoder.kind=conv", "model.encoder.normalization", "\"group\"")]
    [InlineData("model.encoder.kind=resnet", "model.encoder.blocks", "64")]
    [InlineData("model.encoder.kind=resnet", "model.encoder.normalization", "\"layer\"")]
    [InlineData("train.optimizer.kind=sgd", "train.optimizer.momentum", "0")]
    [InlineData("train.optimizer.kind=sgd", "train.optimizer.nesterov", "true")]
    [InlineData("train.optimizer.kind=adamw", "train.optimizer.weight_decay", "0")]
    [InlineData("train.schedule.kind=step", "train.schedule.every_epochs", "1")]
    [InlineData("train.schedule.kind=step", "train.schedule.factor", "0.1")]
    [InlineData("train.schedule.kind=cosine", "train.schedule.epochs", "1")]
    [InlineData("train.schedule.kind=cosine", "train.schedule.warmup_epochs", "19")]
    [InlineData("train.schedule.kind=cosine", "train.schedule.final", "0.01")]
    [InlineData("train.schedule.kind=plateau", "train.schedule.patience", "1")]
    public void Each_key_takes_what_lies_within_its_limits(string kind, string path, string json) =>
        Assert.Equal(json.Replace(" ", "", StringComparison.Ordinal), Written(path, kind, $"{path}={json}"));

    [Theory]
    [InlineData("model.encoder.kind=gated_mlp", "model.encoder.hidden", "null", "400")]
    [InlineData("model.encoder.kind=conv", "model.encoder.channels", "null", "32", "{}")]
    [InlineData("model.encoder.kind=conv", "model.encoder.kernel", "0", "32", "3.5", "null", "[4]")]
    [InlineData("model.encoder.kind=conv", "model.encoder.stride", "0", "9", "null", "\"2\"")]
    [InlineData("model.encoder.kind=conv", "model.encoder.normalization", "null", "\"batch\"", "1")]
    [InlineData("model.encoder.kind=resnet", "model.encoder.blocks", "0", "65", "null")]
    [InlineData("train.optimizer.kind=sgd", "train.optimizer.momentum", "1", "-0.1", "null")]
    [InlineData("train.optimizer.kind=sgd", "train.optimizer.nesterov", "null", "1", "\"true\"", "[]")]
    [InlineData("train.optimizer.kind=adamw", "train.optimizer.weight_decay", "-1", "null", "1e999")]
    [InlineData("train.schedule.kind=step", "train.schedule.every_epochs", "0", "1000001", "null")]
    [InlineData("train.schedule.kind=step", "train.schedule.factor", "0", "1", "-1", "null")]
    [InlineData("train.schedule.kind=cosine", "train.schedule.epochs", "0", "1.5", "\"all\"")]
    [InlineData("train.schedule.kind=cosine", "train.schedule.warmup_epochs", "-1", "20", "null")]
    [InlineData("train.schedule.kind=cosine", "train.schedule.final", "1", "-0.1", "null")]
    [InlineData("train.schedule.kind=plateau", "train.schedule.patience", "0", "1000001", "null")]
    [InlineData("train.schedule.kind=plateau", "train.schedule.factor", "0", "1", "null")]
    public void Each_key_refuses_what_is_malformed_or_out_of_range(string kind, string path, params string[] values)
    {
        foreach (string value in values)
        {
            string message = Refusal(kind, $"{path}={value}");
            Assert.Contains($"$.{path}: expected ", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Theory]
    [InlineData(
        "$.model.encoder.kernel: expected at least the stride (4), found 3",
        "model.encoder.kind=conv",
        "model.encoder.stride=4",
        "model.encoder.kernel=3")]
    [InlineData("$.model.decoder.kernel: expected an odd number", "model.decoder.kind=conv", "model.decoder.stride=1")]
    [InlineData("$.model.encoder.channels: expected at least one layer", "model.encoder.kind=conv", "model.encoder.channels=[]")]
    [InlineData("$.model.decoder.channels: expected at least one layer", "model.decoder.kind=resnet", "model.decoder.channels=[]")]
    [InlineData(
        "$.train.optimizer.nesterov: needs a momentum",
        "train.optimizer.kind=sgd",
        "train.optimizer.nesterov=true",
        "train.optimizer.momentum=0")]
    [InlineData(
        "$.train.schedule.warmup_epochs: expected fewer than the schedule's 5 epochs, found 5",
        "train.schedule.kind=cosine",
        "train.schedule.epochs=5",
        "train.schedule.warmup_epochs=5")]
    [InlineData("$.train.patience: is about the validation ELBO", "train.patience=3", "data.validation=0")]
    [InlineData("$.train.schedule: is about the validation ELBO", "train.schedule=plateau", "data.validation=0")]
    public void What_one_key_forbids_another_is_told_with_its_path(string expected, params string[] assignments) =>
        Assert.Contains(expected, Refusal(assignments), StringComparison.Ordinal);

    private static string Refusal(params string[] assignments) =>
        Assert.Throws<VaeException>(() => VaeConfiguration.Parse(Minimal, "FILE", assignments)).Message;

    private static string Written(string path, params string[] assignments)
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(Minimal, "FILE", assignments);
        using JsonDocument document = JsonDocument.Parse(ConfigurationWriter.Write(configuration, indented: false));
        JsonElement value = path.Split('.').Aggregate(document.RootElement, (element, key) => element.GetProperty(key));
        return value.GetRawText().Replace(" ", "", StringComparison.Ordinal);
    }
}
