namespace Vae.Core.Tests.Objectives;

/// <summary>The gradient of every objective under every prior, held to central differences in float64.</summary>
public class ObjectiveGradientTests
{
    private static readonly ObjectiveContext Context = new(3, 1, 1000, new RandomStream(5, RandomPurpose.ObjectiveNoise));

    private static readonly Dictionary<string, Objective> Objectives = new()
    {
        ["elbo"] = new ElboObjective { Beta = 0.7 },
        ["elbo warming up"] = new ElboObjective { Beta = 2, WarmupEpochs = 10 },
        ["autoencoder"] = new ElboObjective { Beta = 0 },
        ["free bits"] = new FreeBitsObjective { Lambda = 0.02, Beta = 1 },
        ["capacity"] = new CapacityObjective { Gamma = 30, Capacity = 5, RiseEpochs = 10 },
        ["iwae"] = new IwaeObjective { Samples = 3, Gradient = IwaeGradient.Standard },
        ["beta-tc"] = new BetaTcObjective { Beta = 6 },
        ["mmd imq"] = new MmdObjective { KlWeight = 0, MmdWeight = 100, Kernel = MmdKernel.Imq, Bandwidth = 1 },
        ["mmd rbf"] = new MmdObjective { KlWeight = 0.3, MmdWeight = 100, Kernel = MmdKernel.Rbf, Bandwidth = 0.7 },
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string name in Objectives.Keys)
            {
                foreach (string prior in new[] { "standard_normal", "mixture", "vamp" }
                    .Where(prior => name != "free bits" || prior == "standard_normal"))
                {
                    cases.Add(name, prior);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_that_of_central_differences(string name, string prior)
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallModel small = new(prior);
        Objective objective = Objectives[name];
        Tensor images = SmallModel.Images(4);
        Tensor noise = SmallModel.Normal(2, objective.SamplesPerImage, 4, SmallModel.Latent);

        Tensor Value()
        {
            ObjectiveValue value = objective.Evaluate(small.Model, images, noise, Context);
            Assert.Equal([4L], value.Loss.shape);
            return value.Loss.mean();
        }

        CentralDifferences.AssertGradients(small.Model, Value);
    }

    [Fact]
    public void A_deterministic_autoencoder_learns_no_variance_and_draws_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallModel small = new();
        Objective objective = Objectives["autoencoder"];
        Tensor images = SmallModel.Images(4);
        double[] losses = [.. new ulong[] { 1, 2 }.Select(seed =>
        {
            Tensor noise = SmallModel.Normal(seed, 1, 4, SmallModel.Latent);
            Tensor loss = objective.Evaluate(small.Model, images, noise, Context).Loss.mean();
            loss.backward();
            return loss.ToDouble();
        })];

        Assert.Equal(losses[0], losses[1]);
        Tensor? gradient = small.Model.named_parameters().Single(pair => pair.name == "encoder.log_variance.weight").parameter.grad;
        Assert.True(gradient is null || gradient.abs().max().ToDouble() == 0);
        Tensor ofMean = small.Model.named_parameters().Single(pair => pair.name == "encoder.mean.weight").parameter.grad!;
        Assert.True(ofMean.abs().max().ToDouble() > 0);
    }
}
