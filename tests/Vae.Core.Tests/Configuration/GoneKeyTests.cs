namespace Vae.Core.Tests.Configuration;

/// <summary>What earlier versions knew and this one does not.</summary>
public class GoneKeyTests
{
    private const string Minimal = """{ "data": { "source": "digits" } }""";

    public static TheoryData<string, string, string> Gone { get; } = new()
    {
        { "train.cuda_graphs", "false", "is gone since version 0.2.0: TorchSharp has no CUDA graphs; leave the key out" },
        { "train.cuda_graphs", "true", "is gone since version 0.2.0: TorchSharp has no CUDA graphs; leave the key out" },
        {
            "train.precision", "\"bfloat16\"",
            "\"bfloat16\" is gone since version 0.2.0: TorchSharp has no automatic casts; use \"tf32\" or \"float32\""
        },
    };

    [Theory]
    [MemberData(nameof(Gone))]
    public void A_file_with_it_is_refused_in_one_line_that_says_so(string key, string value, string message)
    {
        VaeException refused = Assert.Throws<VaeException>(() => VaeConfiguration.Parse(With(key, value), "FILE"));
        Assert.Equal((FailureKind.BadData, $"FILE: $.{key}: {message}"), (refused.Kind, refused.Message));
    }

    [Theory]
    [MemberData(nameof(Gone))]
    public void An_assignment_of_it_is_refused_in_one_line_that_says_so(string key, string value, string message)
    {
        VaeException refused = Assert.Throws<VaeException>(() => VaeConfiguration.Parse(Minimal, "FILE", [$"{key}={value}"]));
        Assert.Equal((FailureKind.Usage, $"--set {key}={value}: $.{key}: {message}"), (refused.Kind, refused.Message));
    }

    [Theory]
    [MemberData(nameof(Gone))]
    public void In_what_a_run_wrote_it_is_passed_over(string key, string value, string _) =>
        Assert.Equal(VaeConfiguration.Parse(Minimal, "FILE"), VaeConfiguration.Parse(With(key, value), "FILE", ofRun: true));

    [Theory]
    [MemberData(nameof(Gone))]
    public void An_assignment_of_it_is_refused_also_where_a_run_wrote_it(string key, string value, string message)
    {
        VaeException refused = Assert.Throws<VaeException>(
            () => VaeConfiguration.Parse(With(key, value), "FILE", ["train.epochs=2", $"{key}={value}"], ofRun: true));
        Assert.Equal((FailureKind.Usage, $"--set {key}={value}: $.{key}: {message}"), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Beside_an_assignment_of_something_else_it_is_passed_over_too() =>
        Assert.Equal(
            VaeConfiguration.Parse(Minimal, "FILE", ["train.epochs=2"]),
            VaeConfiguration.Parse(With("train.cuda_graphs", "false"), "FILE", ["train.epochs=2"], ofRun: true));

    [Fact]
    public void A_value_that_is_gone_can_be_replaced_by_an_assignment() =>
        Assert.Equal(
            Precision.Tf32,
            VaeConfiguration.Parse(With("train.precision", "\"bfloat16\""), "FILE", ["train.precision=tf32"]).Train.Precision);

    [Fact]
    public void What_never_was_is_refused_in_what_a_run_wrote_as_well() =>
        Assert.Contains(
            "$.train.cuda_graph: unknown key",
            Assert.Throws<VaeException>(() => VaeConfiguration.Parse(With("train.cuda_graph", "false"), "FILE", ofRun: true)).Message,
            StringComparison.Ordinal);

    private static string With(string key, string value) =>
        $$"""{ "data": { "source": "digits" }, "{{key.Split('.')[0]}}": { "{{key.Split('.')[1]}}": {{value}} } }""";
}
