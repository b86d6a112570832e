namespace Vae.Core.Tests.Models;

/// <summary>Every kind of network, likelihood and prior with every kind of the others, two at a time: they learn and sample.</summary>
public class RegistryTests
{
    /// <summary>What a rule of the configuration refuses, all of it.</summary>
    private static readonly (string Network, string Likelihood, string Prior)[] Refused = [];

    // Kinds whose defaults are large, made small.
    private static readonly Dictionary<string, string> Small = new()
    {
        ["vamp"] = """{ "kind": "vamp", "pseudo_inputs": 10 }""",
        ["conv"] = """{ "kind": "conv", "channels": [4, 4] }""",
        ["resnet"] = """{ "kind": "resnet", "channels": [4, 4] }""",
        ["mlp"] = """{ "kind": "mlp", "hidden": [20] }""",
        ["gated_mlp"] = """{ "kind": "gated_mlp", "hidden": [20] }""",
    };

    public static TheoryData<string, string, string> Pairs
    {
        get
        {
            TheoryData<string, string, string> pairs = [];
            string[] networks = Names(NetworkConfiguration.EncoderKinds);
            string[] likelihoods = Names(LikelihoodConfiguration.Kinds);
            string[] priors = Names(PriorConfiguration.Kinds);
            for (int n = 0; n < networks.Length; n++)
            {
                for (int l = 0; l < likelihoods.Length; l++)
                {
                    for (int p = 0; p < priors.Length; p++)
                    {
                        if (n == 0 || l == 0 || p == 0)
                        {
                            pairs.Add(networks[n], likelihoods[l], priors[p]);
                        }
                    }
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_model_of_any_kinds_learns_and_samples_or_is_refused(string network, string likelihood, string prior)
    {
        if (Refused.Contains((network, likelihood, prior)))
        {
            VaeException refusal = Assert.Throws<VaeException>(() => Configuration(network, likelihood, prior));
            Assert.StartsWith("a test: $.", refusal.Message, StringComparison.Ordinal);
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        using StepSubject subject = new(Configuration(network, likelihood, prior));
        Dictionary<string, float[]> start = subject.Weights();
        for (int step = 0; step < 2; step++)
        {
            StepSums sums = StepSubject.Read(subject.Step.Run([0, 5, 7], 1, step));
            Assert.True(double.IsFinite(sums.Loss), $"loss {sums.Loss}");
        }

        Assert.All(subject.Weights(), weight => Assert.True(
            weight.Value.All(float.IsFinite) && !weight.Value.AsSpan().SequenceEqual(start[weight.Key]), weight.Key));
        float[] images = new PriorSampler(1) { DrawPixels = true }.Draw(subject.Model, 0, 2, CPU);
        Assert.Equal(2 * 784, images.Length);
        Assert.All(images, pixel => Assert.True(float.IsFinite(pixel)));
    }

    private static string[] Names<T>(Kind<T>[] kinds)
        where T : notnull => [.. kinds.Select(kind => kind.Name)];

    private static VaeConfiguration Configuration(string network, string likelihood, string prior)
    {
        bool isBinary = LikelihoodConfiguration.Kinds.Single(kind => kind.Name == likelihood).Default().PixelTarget == TargetKind.Binary;
        return StepSubject.Configuration(
            $"\"encoder\": {Json(network)}, \"decoder\": {Json(network)}",
            Json(prior),
            "\"elbo\"",
            Json(likelihood),
            isBinary ? "dynamic" : "none");
    }

    private static string Json(string kind) => Small.GetValueOrDefault(kind, $"\"{kind}\"");
}
