namespace Vae.Core.Tests.Configuration;

public class ConfigurationOverrideTests
{
    private const string Minimal = """{ "data": { "source": "digits" } }""";

    private static VaeConfiguration Read(params string[] overrides) => VaeConfiguration.Parse(Minimal, "FILE", overrides);

    private static VaeException Refusal(string json, params string[] overrides) =>
        Assert.Throws<VaeException>(() => VaeConfiguration.Parse(json, "FILE", overrides));

    [Fact]
    public void Values_are_JSON_or_else_texts()
    {
        VaeConfiguration configuration = Read(
            "model.latent=32", "model.encoder.hidden=[512,256]", "data.source=mnist", "objective.beta = 0.5 ", "output.runs=a=b",
            "data.train_images=null");

        Assert.Equal(32, configuration.Vae().Latent);
        Assert.Equal(new MlpConfiguration { Hidden = [512, 256] }, configuration.Model.Encoder);
        Assert.Equal(new MnistSource(), configuration.Data.Source);
        Assert.Equal(new ElboObjective { Beta = 0.5 }, configuration.Objective);
        Assert.Equal("a=b", configuration.Output.Runs);
        Assert.Null(configuration.Data.TrainImages);
    }

    [Fact]
    public void The_last_one_wins_and_all_else_stays()
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(
            """{ "data": { "source": "mnist", "validation": 5 }, "model": { "latent": 2 } }""",
            "FILE",
            ["model.latent=3", "model.latent=4"]);

        Assert.Equal(4, configuration.Vae().Latent);
        Assert.Equal((new MnistSource(), 5), (configuration.Data.Source, configuration.Data.Validation));
    }

    [Fact]
    public void A_kind_given_by_its_name_takes_keys()
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(
            """{ "data": { "source": "digits" }, "train": { "optimizer": "adam" } }""", "FILE", ["train.optimizer.beta1=0.5"]);

        Assert.Equal(new AdamConfiguration { Beta1 = 0.5 }, configuration.Train.Optimizer);
    }

    [Fact]
    public void An_override_mends_what_is_wrong_in_the_file() =>
        Assert.Equal(
            7,
            VaeConfiguration.Parse(
                """{ "data": { "source": "digits" }, "model": { "latent": "x" } }""", "FILE", ["model.latent=7"]).Vae().Latent);

    [Theory]
    [InlineData("model.latent", "--set model.latent: expected KEY=VALUE, such as model.latent=32")]
    [InlineData("", "--set : expected KEY=VALUE, such as model.latent=32")]
    [InlineData("=5", "--set =5: expected keys with dots between them before the =, such as model.latent=32")]
    [InlineData("model..latent=5", "--set model..latent=5: expected keys with dots between them before the =, such as model.latent=32")]
    [InlineData("a.b.c.d.e.f.g.h.i=5", "--set a.b.c.d.e.f.g.h.i=5: expected keys with dots between them before the =")]
    [InlineData("model.latent=x", "--set model.latent=x: $.model.latent: expected an integer of 1 to 100000, found \"x\"")]
    [InlineData("model.latnt=5", "--set model.latnt=5: $.model.latnt: unknown key; did you mean \"latent\"?")]
    [InlineData("modl.latent=5", "--set modl.latent=5: $.modl: unknown key; did you mean \"model\"?")]
    [InlineData("data.source.x=5", "--set data.source.x=5: $.data.source.x: unknown key")]
    [InlineData("data=5", "--set data=5: $.data: expected an object, found 5")]
    [InlineData("data.train_images=10", "--set data.train_images=10: $.data.validation: expected fewer than data.train_images (10)")]
    [InlineData("output.runs=\u001b[31m\n", "--set output.runs=\\u001b[31m\\u000a: $.output.runs: expected a text")]
    public void A_wrong_override_is_a_usage_error_that_names_it(string option, string expected)
    {
        VaeException refusal = Refusal(Minimal, option);

        Assert.Equal(FailureKind.Usage, refusal.Kind);
        Assert.StartsWith(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void The_file_and_the_options_are_blamed_each_for_its_own_errors()
    {
        VaeException refusal = Refusal("""{ "data": { "source": "digits" }, "train": { "epochs": 0 } }""", "model.latent=0");

        Assert.Equal(FailureKind.BadData, refusal.Kind);
        Assert.Equal(
            """
            FILE: $.train.epochs: expected an integer of 1 to 1000000, found 0
            --set model.latent=0: $.model.latent: expected an integer of 1 to 100000, found 0
            """.ReplaceLineEndings("\n"),
            refusal.Message);
    }

    [Theory]
    [InlineData("[]", "FILE: $: expected an object, found an array")]
    [InlineData("\"digits\"", "FILE: $: expected an object, found \"digits\"")]
    [InlineData("""{ "data": { "source": "digits" }, "model": 5 }""", "FILE: $.model: expected an object, found 5")]
    [InlineData("""{ "data": { "source": "digits" }, "model": {}, "model": {} }""", "FILE: $.model: stands more than once; keep one")]
    public void An_override_does_not_hide_what_is_wrong_around_it(string json, string expected)
    {
        VaeException refusal = Refusal(json, "model.latent=5");

        Assert.Equal((FailureKind.BadData, expected), (refusal.Kind, refusal.Message));
    }

    [Fact]
    public void Values_of_any_depth_length_and_encoding_are_refused_in_kind()
    {
        foreach (string? value in new[] { new string('[', 5_000), "\"\\ud800\"", "\ud800", new string('9', 20_000), "{\"a\":1,\"a\":2}" })
        {
            Assert.Equal(FailureKind.Usage, Refusal(Minimal, "model.latent=" + value).Kind);
        }
    }
}
