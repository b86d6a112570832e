namespace Vae.Core.Tests.Support;

/// <summary>A model with its step, on a few drawn digits.</summary>
internal sealed class StepSubject : IDisposable
{
    private const double Tolerance = 1e-5;

    private static readonly ImageSet Images = new DigitsSource().Load(DatasetPart.Train, new DataRequest(), 24);

    public StepSubject(VaeConfiguration configuration, bool readable = false, ScalarType type = ScalarType.Float32)
    {
        Model = configuration.Model.BuildVae(Images.Shape, configuration.Train.Seed, Images);
        PixelTransform transform = configuration.Data.TrainingTransform(Model.Likelihood.Target, configuration.Train.Seed);
        configuration.Model.InitializeFromData(Model, Images, transform);
        Model.to(type);
        BatchLoader loader = new(Images, transform, CPU);
        TrainingProblem problem = new(Model, configuration.Objective, loader, configuration.Train);
        Step = readable
            ? new TrainStep(new PlainExecutor(problem), configuration.Train, "asked for")
            : ExecutorChoice.Fastest(problem, new ComputeDevice(CPU, "a test"));
    }

    public VariationalAutoencoder Model { get; }

    public TrainStep Step { get; }

    public Dictionary<string, float[]> Weights() =>
        Model.named_parameters().ToDictionary(pair => pair.name, pair => Numbers(pair.parameter));

    /// <summary>What the optimizer keeps, by name.</summary>
    public Dictionary<string, float[]> OptimizerState() =>
        Step.Optimizer.State().ToDictionary(entry => entry.Name, entry => Numbers(entry.Value));

    /// <summary>So many updates on the first images, of sizes that change.</summary>
    public void Train(int steps, int smallBatch = 5)
    {
        for (int step = 0; step < steps; step++)
        {
            Step.Run([.. Enumerable.Range(step % 10, step % 3 == 0 ? smallBatch : 9)], 1 + (step / 5), step).Pending?.Dispose();
        }
    }

    /// <summary>By name; zeros where the loss does not reach.</summary>
    public Dictionary<string, float[]> Gradients() => Model.named_parameters()
        .ToDictionary(pair => pair.name, pair => pair.parameter.grad is { } grad ? Numbers(grad) : new float[pair.parameter.numel()]);

    /// <summary>The same where the executor has them; the caller disposes of them.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> FlatGradients() =>
        Step.Optimizer.Parameters.Views(Step.Optimizer.Parameters.Gradients);

    public void Dispose()
    {
        Step.Dispose();
        Model.Dispose();
    }

    /// <summary>A configuration for the digits.</summary>
    public static VaeConfiguration Configuration(
        string networks,
        string prior,
        string objective,
        string likelihood = "\"bernoulli\"",
        string binarization = "dynamic",
        string train = "\"epochs\": 1") =>
        VaeConfiguration.Parse(Json(networks, prior, objective, likelihood, binarization, train), "a test");

    /// <summary>The same as text.</summary>
    public static string Json(
        string networks,
        string prior,
        string objective,
        string likelihood = "\"bernoulli\"",
        string binarization = "dynamic",
        string train = "\"epochs\": 1") =>
        $$"""
        { "data": { "source": "digits", "binarization": "{{binarization}}" },
          "model": { "latent": 6, "likelihood": {{likelihood}}, "prior": {{prior}}, {{networks}} },
          "objective": {{objective}},
          "train": { "batch_size": 9, {{train}} } }
        """;

    /// <summary>The figures, wherever they are.</summary>
    public static StepSums Read(StepSums sums)
    {
        if (sums.Pending is not { } pending)
        {
            return sums;
        }

        float[] values = pending.data<float>().ToArray();
        pending.Dispose();
        return new StepSums(values[0], values[1], values[2]);
    }

    /// <summary>A tensor's numbers.</summary>
    public static float[] Numbers(Tensor tensor)
    {
        using Tensor plain = tensor.detach().to_type(ScalarType.Float32).contiguous();
        return plain.data<float>().ToArray();
    }

    /// <summary>Fails unless ten updates with two workers lead, to two percent of their way, where those of the library lead.</summary>
    public static void AssertLeadsWhereTheLibraryLeads(VaeConfiguration configuration)
    {
        using StepSubject readable = new(configuration, readable: true);
        using StepSubject fast = new(configuration);
        fast.Step.Workers = 2;
        Dictionary<string, float[]> start = readable.Weights();
        using LibraryUpdates library = new(readable.Model, configuration.Train);
        readable.Step.Optimizer.LearningRate = 0; // gradients alone: the updates are the library's
        for (int step = 0; step < 10; step++)
        {
            readable.Step.Run([.. Enumerable.Range(step, 8)], 1, step).Pending?.Dispose();
            library.Step();
            fast.Step.Run([.. Enumerable.Range(step, 8)], 1, step).Pending?.Dispose();
        }

        Assert.Equal(readable.Step.Optimizer.StepCount, fast.Step.Optimizer.StepCount);
        Dictionary<string, float[]> weights = fast.Weights();
        foreach ((string name, float[] wanted) in readable.Weights())
        {
            double way = start[name].Zip(wanted, (a, b) => Math.Abs((double)a - b)).Max();
            double error = weights[name].Zip(wanted, (a, b) => Math.Abs((double)a - b)).Max();
            Assert.True(error <= 0.02 * way, $"{name} went {way:0.0e+0} and is off by {error:0.0e+0}");
        }
    }

    /// <summary>Fails unless training twice with so many workers gives the same bits.</summary>
    public static void AssertRepeats(VaeConfiguration configuration, int workers, int steps, int smallBatch = 5)
    {
        Dictionary<string, float[]> first = Trained();

        foreach ((string name, float[] wanted) in Trained())
        {
            Assert.True(wanted.AsSpan().SequenceEqual(first[name]), name);
        }

        Dictionary<string, float[]> Trained()
        {
            using StepSubject subject = new(configuration);
            subject.Step.Workers = workers;
            subject.Train(steps, smallBatch);
            return subject.Weights();
        }
    }

    /// <summary>
    /// Fails unless the figures agree to 1e-5, the gradient as a whole to that part of its norm, and each parameter's to a part of its own.
    /// </summary>
    public static void AssertSame(
        StepSums expected,
        Dictionary<string, float[]> gradients,
        StepSums actual,
        IReadOnlyList<(string Name, Tensor Value)> found,
        double ofOwnNorm = Tolerance)
    {
        AssertClose(expected.Loss, actual.Loss, "loss");
        AssertClose(expected.Reconstruction, actual.Reconstruction, "reconstruction");
        AssertClose(expected.Kl, actual.Kl, "KL");
        Assert.Equal(gradients.Keys.Order(), found.Select(gradient => gradient.Name).Order());
        (double squares, double errorSquares) = (0, 0);
        foreach ((string name, Tensor gradient) in found)
        {
            float[] wanted = gradients[name];
            double ownSquares = wanted.Sum(value => (double)value * value);
            double ownErrorSquares = wanted.Zip(Numbers(gradient), (a, b) => ((double)a - b) * ((double)a - b)).Sum();
            AssertSmall(ownErrorSquares, ownSquares, ofOwnNorm, $"the gradient of {name}");
            squares += ownSquares;
            errorSquares += ownErrorSquares;
            gradient.Dispose();
        }

        AssertSmall(errorSquares, squares, Tolerance, "the gradient");

        static void AssertSmall(double errorSquares, double squares, double part, string what)
        {
            (double error, double norm) = (Math.Sqrt(errorSquares), Math.Sqrt(squares));
            Assert.True(error <= part * norm + 1e-12, $"{what} is off by {error / norm:0.0e+0} of its norm {norm:0.0e+0}");
        }

        void AssertClose(double wanted, double value, string what) =>
            Assert.True(Math.Abs(wanted - value) <= Tolerance * Math.Abs(wanted) + 1e-6, $"{what}: {value} instead of {wanted}");
    }
}
