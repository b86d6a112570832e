namespace Vae.Core.Tests.Composition;

/// <summary>
/// A linear VAE with Gaussian pixels is probabilistic PCA (Tipping and Bishop 1999), and its ELBO has no maximum but that of PCA
/// (Lucas et al. 2019): trained, its decoder spans the principal subspace.
/// </summary>
public class PrincipalComponentsTests
{
    private const int Images = 400;
    private const int Latent = 4;
    private const int Steps = 1200;
    private const double Sigma = 0.5;

    [Fact]
    public void A_linear_VAE_learns_the_subspace_of_PCA()
    {
        ImageSet images = new DigitsSource().Load(DatasetPart.Train, new DataRequest(), Images);
        VaeConfiguration configuration = Configuration();
        using VariationalAutoencoder model = configuration.Model.BuildVae(images.Shape, seed: 1);
        PixelTransform transform = configuration.Data.TrainingTransform(model.Likelihood.Target, 1);
        configuration.Model.InitializeFromData(model, images, transform);
        using DisposeScope scope = NewDisposeScope();
        Batch all = new BatchLoader(images, transform, CPU).Load([.. Enumerable.Range(0, Images)], 1);
        Tensor components = PrincipalComponents(all.Target);

        double before = LargestAngle(components, model.state_dict()["decoder.output.weight"]);
        Train(configuration.Train, model, new BatchLoader(images, transform, CPU));
        double after = LargestAngle(components, model.state_dict()["decoder.output.weight"]);

        Assert.InRange(before, 45, 90); // degrees: random directions are all but orthogonal
        Assert.InRange(after, 0, 1);
    }

    private static VaeConfiguration Configuration() => new()
    {
        Data = new DataConfiguration { Source = new DigitsSource(), Binarization = Binarization.None },
        Model = new GaussianVaeConfiguration
        {
            Latent = Latent,
            Likelihood = new GaussianLikelihoodConfiguration
            {
                Variance = new FixedScaleConfiguration { Scale = Sigma },
                Target = TargetKind.UnitInterval,
            },
            Encoder = new LinearConfiguration(),
            Decoder = new LinearConfiguration(),
            OutputBias = OutputBias.DataMean,
        },

        // Adam scales the gradients of all directions alike, noise included, and takes many times as long to part the fourth
        // from the fifth.
        Train = new TrainConfiguration
        {
            Optimizer = new SgdConfiguration { Momentum = 0.9 },
            LearningRate = 0.01,
            Schedule = new CosineSchedule { Epochs = Steps },
            GradientClip = 100,
        },
    };

    // One step an epoch, on all images.
    private static void Train(TrainConfiguration configuration, VariationalAutoencoder model, BatchLoader loader)
    {
        ElboObjective objective = new();
        TrainConfiguration wholeSet = configuration with { BatchSize = Images };
        using TrainStep step = ExecutorChoice.Fastest(
            new TrainingProblem(model, objective, loader, wholeSet), new ComputeDevice(CPU, "a test"));
        int[] all = BatchOrder.Sequential(Images);
        for (int i = 0; i < Steps; i++)
        {
            step.Optimizer.LearningRate = configuration.LearningRateAt(i, i + 1, stepsPerEpoch: 1);
            step.Run(all, epoch: i + 1, step: i);
        }
    }

    /// <summary>Orthonormal, [P, D].</summary>
    private static Tensor PrincipalComponents(Tensor rows)
    {
        Tensor centred = rows.to_type(ScalarType.Float64) - rows.to_type(ScalarType.Float64).mean([0]); // [N, P]
        (_, _, Tensor directions) = linalg.svd(centred, fullMatrices: false);
        return directions.narrow(0, 0, Latent).t();
    }

    /// <summary>The largest principal angle between the spans of two matrices' columns, in degrees.</summary>
    private static double LargestAngle(Tensor orthonormal, Tensor matrix)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor basis, _) = linalg.qr(matrix.detach().to_type(ScalarType.Float64));
        double cosine = linalg.svdvals(orthonormal.t().matmul(basis)).min().ToDouble();
        return Math.Acos(Math.Min(1, cosine)) * 180 / Math.PI;
    }
}
