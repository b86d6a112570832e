using System.Globalization;
using System.Text.RegularExpressions;

namespace Vae.Core.Tests.Runs;

/// <summary>The Python of docs/checkpoints.md, run as it stands there: the same weights give the same numbers.</summary>
public sealed partial class PythonTests(DefaultModel model) : IClassFixture<DefaultModel>
{
    private const string Image = """

        import sys
        image = [i * 37 % 256 / 255 for i in range(784)]

        """;

    private static readonly string[] Snippets =
    [
        .. CodeBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "checkpoints.md")).ReplaceLineEndings("\n"))
            .Select(block => block.Groups[1].Value),
    ];

    [PythonFact("numpy")]
    public void NumPy_alone_computes_what_the_program_computes() => AssertSameOutputs(Python.Run("numpy", Snippets[0] + Image + """
        tensors, metadata = load(sys.argv[1])
        assert json.loads(metadata["vae.shape"]) == [1, 28, 28]
        def linear(name, x):
            return tensors[name + ".weight"] @ x + tensors[name + ".bias"]
        features = np.maximum(linear("encoder.body.layers.0", np.array(image, np.float32)), 0)
        mean = linear("encoder.mean", features)
        logits = linear("decoder.output", np.maximum(linear("decoder.body.layers.0", mean), 0))
        print(*mean, *linear("encoder.log_variance", features), *logits)
        """, model.Path));

    [PythonFact("torch")]
    public void PyTorch_modules_load_the_weights_and_compute_what_the_program_computes() =>
        AssertSameOutputs(Python.Run("torch", Snippets[0] + Snippets[1] + Image + """
            model = load_model(sys.argv[1])
            with torch.no_grad():
                mean, log_variance = model["encoder"](torch.tensor([image]))
                logits = model["decoder"](mean)
            print(*mean[0].tolist(), *log_variance[0].tolist(), *logits[0].tolist())
            """, model.WithFittedPrior()));

    private void AssertSameOutputs(string printed)
    {
        float[] expected = model.Outputs();
        float[] found = [.. printed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(824, found.Length);
        Assert.True(expected.Max() > 0.1 && expected.Distinct().Count() > 800, "the outputs tell weights apart");
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
