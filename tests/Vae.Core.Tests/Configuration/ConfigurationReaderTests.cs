using System.Text;

namespace Vae.Core.Tests.Configuration;

public class ConfigurationReaderTests
{
    private const string Minimal = """{ "data": { "source": "digits" } }""";

    private static VaeException Refusal(string json) => Assert.Throws<VaeException>(() => VaeConfiguration.Parse(json, "FILE"));

    private static string Message(string json)
    {
        VaeException refusal = Refusal(json);
        Assert.Equal(FailureKind.BadData, refusal.Kind);
        return refusal.Message;
    }

    [Fact]
    public void The_source_alone_is_a_whole_configuration() =>
        Assert.Equal(
            new VaeConfiguration { Data = new() { Source = new DigitsSource() } },
            VaeConfiguration.Parse(Minimal, "FILE"));

    [Fact]
    public void A_source_is_written_by_its_name_and_read_as_an_object_too()
    {
        VaeConfiguration configuration = VaeConfiguration.Parse("""{ "data": { "source": { "kind": "fashion_mnist" } } }""", "FILE");

        Assert.Equal(new FashionMnistSource(), configuration.Data.Source);
        Assert.Contains("\"source\": \"fashion_mnist\"", ConfigurationWriter.Write(configuration), StringComparison.Ordinal);
    }

    [Fact]
    public void The_source_is_required() =>
        Assert.Equal(
            """FILE: $.data.source: is missing; give one of "mnist", "fashion_mnist", "binarized_mnist", "digits" """.TrimEnd(),
            Message("{}"));

    [Fact]
    public void The_example_of_the_design_is_read()
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(
            """
            { "$schema": "./vae.schema.json",
              "data":      { "source": "mnist", "binarization": "dynamic", "validation": 10000 },
              "model":     { "latent": 20, "likelihood": "bernoulli", "prior": "standard_normal",
                             "encoder": { "kind": "mlp", "hidden": [400], "activation": "relu" },
                             "decoder": { "kind": "mlp", "hidden": [400], "activation": "relu" } },
              "objective": { "kind": "elbo", "beta": 1.0, "warmup_epochs": 0 },
              "train":     { "epochs": 20, "batch_size": 128, "learning_rate": 1e-3, "optimizer": "adam", "seed": 1 } }
            """,
            "FILE");

        Assert.Equal(new VaeConfiguration { Data = new() { Source = new MnistSource() } }, configuration);
    }

    [Fact]
    public void All_errors_are_told_at_once_with_one_line_each()
    {
        string message = Message(
            """
            { "data": { "source": "minst", "validation": -1 },
              "model": { "latent": "x", "encoder": { "hidden": [400, 0, "a"] }, "size": 3 },
              "train": { "learning_rate": 1e999, "epochs": 2.5, "epochs": 3 } }
            """);

        const string Known =
            "\"kind\", \"latent\", \"likelihood\", \"prior\", \"posterior\", \"encoder\", \"decoder\", \"initializer\", \"output_bias\"";
        Assert.Equal(
            $$"""
            FILE: $.data.source: expected one of "mnist", "fashion_mnist", "binarized_mnist", "digits", found "minst"
            FILE: $.data.validation: expected an integer of 0 to 2000000, found -1
            FILE: $.model.latent: expected an integer of 1 to 100000, found "x"
            FILE: $.model.encoder.hidden[1]: expected an integer of 1 to 100000, found 0
            FILE: $.model.encoder.hidden[2]: expected an integer of 1 to 100000, found "a"
            FILE: $.model.size: unknown key; known are {{Known}}
            FILE: $.train.epochs: stands more than once; keep one
            FILE: $.train.epochs: expected an integer of 1 to 1000000, found 2.5
            FILE: $.train.learning_rate: expected a finite number above 0, found 1e999
            """.ReplaceLineEndings("\n"),
            message);
    }

    [Fact]
    public void Countless_errors_are_cut_off_and_counted()
    {
        string unknown = string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"\"key{i}\": 0"));

        string[] lines = Message($$"""{ "data": { "source": "digits" }, {{unknown}} }""").Split('\n');

        Assert.Equal(51, lines.Length);
        Assert.Equal("FILE: 950 more errors", lines[^1]);
    }

    [Theory]
    [InlineData("""{ "data": { "source": "digits" }, "modle": {} }""", "$.modle: unknown key; did you mean \"model\"?")]
    [InlineData("""{ "data": { "source": "digits", "validaton": 1 } }""", "$.data.validaton: unknown key; did you mean \"validation\"?")]
    [InlineData("""{ "data": { "source": "digits" }, "train": { "lr": 1 } }""", "$.train.lr: unknown key; known are \"epochs\", ")]
    [InlineData("""{ "data": { "source": "digits" }, "": {} }""", "$[\"\"]: unknown key")]
    [InlineData("""{ "data": { "source": "digits" }, "a\nb\u001b[31m": {} }""", "$[\"a\\u000ab\\u001b[31m\"]: unknown key")]
    [InlineData("""{ "data": { "source": "digits", "$schema": "x" } }""", "$.data.$schema: unknown key")]
    public void An_unknown_key_is_refused_with_a_guess_or_the_known_ones(string json, string expected) =>
        Assert.StartsWith("FILE: " + expected, Message(json), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "data": { "source": "digits" }, "data": { "source": "mnist" } }""", "$.data")]
    [InlineData("""{ "data": { "source": "digits", "source": "digits" } }""", "$.data.source")]
    [InlineData("""{ "data": { "source": "digits" }, "$schema": "a", "$schema": "a" }""", "$.$schema")]
    [InlineData("""{ "data": { "source": "digits" }, "objective": { "kind": "elbo", "kind": "elbo" } }""", "$.objective.kind")]
    [InlineData("""{ "data": { "source": "digits", "\u0073ource": "digits" } }""", "$.data.source")]
    public void A_repeated_key_is_refused(string json, string path) =>
        Assert.Equal($"FILE: {path}: stands more than once; keep one", Message(json));

    [Theory]
    [InlineData("[]", "$: expected an object, found an array")]
    [InlineData("null", "$: expected an object, found null")]
    [InlineData("\"mnist\"", "$: expected an object, found \"mnist\"")]
    [InlineData("""{ "data": 5 }""", "$.data: expected an object, found 5")]
    [InlineData("""{ "data": { "source": "digits" }, "model": null }""", "$.model: expected an object, found null")]
    [InlineData("""{ "data": { "source": "digits" }, "train": true }""", "$.train: expected an object, found true")]
    public void A_section_that_is_no_object_is_refused(string json, string expected) => Assert.Equal("FILE: " + expected, Message(json));

    [Theory]
    [InlineData("", "line 1, column 1")]
    [InlineData("{", "line 1, column 2")]
    [InlineData("{ \"data\": { \"source\": \"digits\" }, }", "line 1, column 35")]
    [InlineData("{\n  // comment\n}", "line 2, column 3")]
    [InlineData("{\n  \"data\": { \"source\": \"digits\" }\n  \"model\": {}\n}", "line 3, column 3")]
    [InlineData("{ \"description\": \"βββ\" x }", "line 1, column 24")]
    [InlineData("{}{}", "line 1, column 3")]
    [InlineData("{ \"data\": { \"source\": NaN } }", "line 1, column 23")]
    [InlineData("{ \"train\": { \"learning_rate\": 01 } }", "line 1, column 32")]
    [InlineData("{ \"description\": \"\\ud800\" }", "line 1, column 18")]
    [InlineData("{ \"\\udc00\": 1 }", "line 1, column 3")]
    public void Broken_JSON_is_refused_with_line_and_column(string json, string position)
    {
        string message = Message(json);

        Assert.StartsWith($"FILE: {position}: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("reader options", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault() =>
        Assert.Equal(
            new DigitsSource(),
            ConfigurationReader
                .Parse<VaeConfiguration>((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Minimal)], "FILE").Data.Source);

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused_with_line_and_column()
    {
        byte[] bytes = [.. "{ \"data\": {},\n \"description\": \"é"u8, 0xFF, .. "\" }"u8];

        VaeException refusal = Assert.Throws<VaeException>(() => ConfigurationReader.Parse<VaeConfiguration>(bytes, "FILE"));

        Assert.Equal("FILE: line 2, column 19: the text is not valid UTF-8", refusal.Message);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Contains("depth", Message(new string('[', 10_000)), StringComparison.Ordinal);

    [Fact]
    public void A_file_larger_than_any_configuration_is_refused() =>
        Assert.Contains("larger than", Message(Minimal + new string(' ', 1 << 20)), StringComparison.Ordinal);

    [Fact]
    public void The_schema_may_be_named_and_the_kind_may_stand_last()
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(
            """{ "objective": { "beta": 4, "kind": "elbo" }, "data": { "source": "digits" }, "$schema": 5 }""", "FILE");

        Assert.Equal(new ElboObjective { Beta = 4 }, configuration.Objective);
    }

    [Theory]
    [InlineData("objective", "\"elbo\"")]
    [InlineData("objective", "{}")]
    [InlineData("objective", "{ \"kind\": \"elbo\" }")]
    [InlineData("objective", "{ \"beta\": 1 }")]
    public void A_kind_may_be_given_by_its_name_alone_or_left_out(string key, string json) =>
        Assert.Equal(
            VaeConfiguration.Parse(Minimal, "FILE"),
            VaeConfiguration.Parse($$"""{ "data": { "source": "digits" }, "{{key}}": {{json}} }""", "FILE"));

    [Theory]
    [InlineData(
        "\"elbow\"", "$.objective: expected one of \"elbo\", \"free_bits\", \"capacity\", \"iwae\", \"beta_tc\", \"mmd\", found \"elbow\"")]
    [InlineData(
        "{ \"kind\": \"vq\", \"k\": 5 }",
        "$.objective.kind: expected one of \"elbo\", \"free_bits\", \"capacity\", \"iwae\", \"beta_tc\", \"mmd\", found \"vq\"")]
    [InlineData(
        "{ \"kind\": 3 }",
        "$.objective.kind: expected one of \"elbo\", \"free_bits\", \"capacity\", \"iwae\", \"beta_tc\", \"mmd\", found 3")]
    [InlineData(
        "{ \"kind\": null }",
        "$.objective.kind: expected one of \"elbo\", \"free_bits\", \"capacity\", \"iwae\", \"beta_tc\", \"mmd\", found null")]
    [InlineData(
        "3",
        "$.objective: expected an object with a kind, or one of \"elbo\", \"free_bits\", \"capacity\", \"iwae\", \"beta_tc\", \"mmd\""
        + ", found 3")]
    [InlineData(
        "null",
        "$.objective: expected an object with a kind, or one of \"elbo\", \"free_bits\", \"capacity\", \"iwae\", \"beta_tc\", \"mmd\""
        + ", found null")]
    [InlineData("{ \"gamma\": 3 }", "$.objective.gamma: unknown key; known are \"kind\", \"beta\", \"warmup_epochs\", \"cycle_epochs\"")]
    public void An_unknown_kind_is_refused(string json, string expected) =>
        Assert.Equal("FILE: " + expected, Message($$"""{ "data": { "source": "digits" }, "objective": {{json}} }"""));

    [Theory]
    [InlineData(0, 10, false)]
    [InlineData(11, 10, false)]
    [InlineData(10, 10, true)]
    [InlineData(11, 0, true)]
    public void A_cycle_without_a_warm_up_or_shorter_than_it_is_refused(int warmup, int cycle, bool accepted)
    {
        string json = $$"""{ "data": { "source": "digits" }, "objective": { "warmup_epochs": {{warmup}}, "cycle_epochs": {{cycle}} } }""";

        Assert.Equal(accepted, Record.Exception(() => VaeConfiguration.Parse(json, "FILE")) is null);
    }

    [Fact]
    public void Free_bits_under_a_prior_that_is_no_product_over_dimensions_are_refused() =>
        Assert.Equal(
            "FILE: $.objective.kind: \"free_bits\" counts nats for each latent dimension alone, which needs the prior \"standard_normal\"",
            Message("""{ "data": { "source": "digits" }, "model": { "prior": "vamp" }, "objective": "free_bits" }"""));

    [Fact]
    public void More_validation_images_than_training_images_are_refused() =>
        Assert.Equal(
            "FILE: $.data.validation: expected fewer than data.train_images (1000), found 10000: no image is left to train on",
            Message("""{ "data": { "source": "digits", "train_images": 1000 } }"""));

    [Fact]
    public void A_missing_file_and_a_folder_are_missing_inputs()
    {
        VaeException missing = Assert.Throws<VaeException>(() => VaeConfiguration.Read(Path.Combine(Repository.Root, "no", "such.json")));
        VaeException folder = Assert.Throws<VaeException>(() => VaeConfiguration.Read(Path.Combine(Repository.Root, "configs")));

        Assert.Equal((FailureKind.MissingInput, FailureKind.MissingInput), (missing.Kind, folder.Kind));
        Assert.EndsWith("such.json: no such file", missing.Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", folder.Message, StringComparison.Ordinal);
    }
}
