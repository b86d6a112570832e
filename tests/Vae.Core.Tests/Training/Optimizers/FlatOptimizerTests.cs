namespace Vae.Core.Tests.Training.Optimizers;

/// <summary>Three updates of each rule against the formulas of its paper, weight by weight in float64.</summary>
public sealed class FlatOptimizerTests : IDisposable
{
    private const double Rate = 0.05;
    private static readonly double[] Start = [0.5, -1.25, 2];

    private static readonly AdamConfiguration Adam = new() { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3 };
    private static readonly AdamWConfiguration AdamW = new() { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3, WeightDecay = 0.3 };
    private static readonly AdamaxConfiguration Adamax = new() { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3 };

    // The gradient of step t at weight w: it changes in sign and size, and depends on the weight.
    private static readonly Func<double, int, double> Gradient = (w, t) => (w * (t == 2 ? -1.5 : 0.5)) + (0.1 * t);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Adam_follows_its_formula() => AssertFollows(
        Adam, AdamRule(decay: 0));

    [Fact]
    public void AdamW_takes_weight_off_beside_the_step() => AssertFollows(
        AdamW, AdamRule(decay: 0.3));

    [Fact]
    public void Adamax_divides_by_the_largest_gradient()
    {
        AssertFollows(Adamax, () =>
        {
            double m = 0, u = 0;
            return (w, t) =>
            {
                double g = Gradient(w, t);
                m = (0.8 * m) + (0.2 * g);
                u = Math.Max(0.95 * u, Math.Abs(g) + 1e-3);
                return w - (Rate / (1 - Math.Pow(0.8, t)) * m / u);
            };
        });
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.7, false)]
    [InlineData(0.7, true)]
    public void Gradient_descent_keeps_its_momentum(double momentum, bool nesterov)
    {
        AssertFollows(new SgdConfiguration { Momentum = momentum, Nesterov = nesterov }, () =>
        {
            double velocity = 0;
            return (w, t) =>
            {
                double g = Gradient(w, t);
                velocity = (momentum * velocity) + g;
                return w - (Rate * (nesterov ? g + (momentum * velocity) : velocity));
            };
        });
    }

    [Theory]
    [InlineData("adam", "exp_avg.weight", "exp_avg.bias", "exp_avg_sq.weight", "exp_avg_sq.bias")]
    [InlineData("adamw", "exp_avg.weight", "exp_avg.bias", "exp_avg_sq.weight", "exp_avg_sq.bias")]
    [InlineData("adamax", "exp_avg.weight", "exp_avg.bias", "exp_inf.weight", "exp_inf.bias")]
    [InlineData("sgd", "momentum_buffer.weight", "momentum_buffer.bias")]
    [InlineData("plain sgd")]
    public void The_state_has_names_from_the_start_and_carries_over(string kind, params string[] names)
    {
        using Linear model = nn.Linear(3, 2);
        using Linear copy = nn.Linear(3, 2);
        copy.load_state_dict(model.state_dict());
        using FlatOptimizer optimizer = Flat(model, Kind(kind));
        using FlatOptimizer other = Flat(copy, Kind(kind));
        Assert.Equal(names.Order(), optimizer.State().Select(state => state.Name).Order());

        Update(model, optimizer, 1);
        Update(model, optimizer, 2);
        copy.load_state_dict(model.state_dict());
        foreach (((_, Tensor source), (_, Tensor target)) in optimizer.State().Zip(other.State()))
        {
            target.copy_(source);
        }

        other.StepCount = optimizer.StepCount;
        Assert.Equal(2, other.StepCount);
        Update(model, optimizer, 3);
        Update(copy, other, 3);

        Assert.True(model.weight!.Equals(copy.weight!));
        Assert.Equal(3, other.StepCount);
    }

    [Theory]
    [InlineData("adam", ScalarType.Float32, 0)]
    [InlineData("adam", ScalarType.Float32, 0.5)]
    [InlineData("adam", ScalarType.Float64, 0.5)]
    [InlineData("adamw", ScalarType.Float32, 0)]
    [InlineData("adamax", ScalarType.Float32, 0)]
    [InlineData("sgd", ScalarType.Float32, 0)]
    [InlineData("plain sgd", ScalarType.Float64, 0.5)]
    public void Five_updates_are_those_of_the_librarys_optimizer(string kind, ScalarType type, double clip)
    {
        using Linear model = nn.Linear(3, 2, dtype: type);
        using Linear copy = nn.Linear(3, 2, dtype: type);
        copy.load_state_dict(model.state_dict());
        using FlatOptimizer optimizer = Flat(model, Kind(kind), clip: clip);
        using LibraryUpdates library = new(
            copy, new TrainConfiguration { Optimizer = Kind(kind), LearningRate = Rate, GradientClip = clip });
        using IDisposable noGradient = no_grad();
        for (int t = 1; t <= 5; t++)
        {
            model.weight!.grad!.copy_(model.weight * (t == 2 ? -1.5 : 0.5) + 0.1);
            model.bias!.grad!.fill_(0.1 * t);
            copy.weight!.grad = model.weight.grad.clone();
            copy.bias!.grad = model.bias.grad.clone();
            Step(optimizer);
            library.Step();

            Assert.True(model.weight.allclose(copy.weight, rtol: 1e-5, atol: 1e-6));
            Assert.True(model.bias.allclose(copy.bias, rtol: 1e-5, atol: 1e-6));
        }
    }

    [Fact]
    public void Clipping_scales_all_gradients_together_and_only_longer_ones()
    {
        foreach ((double limit, double expected) in new[] { (0.5, 0.5), (100.0, 5.0) })
        {
            using Linear model = nn.Linear(1, 1);
            using FlatOptimizer optimizer = Flat(model, new SgdConfiguration { Momentum = 0 }, rate: 1, clip: limit);
            float weight = model.weight!.item<float>();
            float bias = model.bias!.item<float>();
            model.weight!.grad!.fill_(3);
            model.bias!.grad!.fill_(-4); // together of norm 5

            Step(optimizer);

            Assert.Equal(-3 * expected / 5, model.weight!.item<float>() - weight, 4);
            Assert.Equal(4 * expected / 5, model.bias!.item<float>() - bias, 4);
        }
    }

    [Fact]
    public void The_rate_can_be_changed_between_updates()
    {
        using Linear model = nn.Linear(1, 1);
        using FlatOptimizer optimizer = Flat(model, new SgdConfiguration { Momentum = 0 }, rate: 1, clip: 1e9);
        optimizer.LearningRate = 0.25;
        Assert.Equal(0.25, optimizer.LearningRate);
        float weight = model.weight!.item<float>();
        model.weight!.grad!.fill_(2);

        Step(optimizer);

        Assert.Equal(weight - 0.5, model.weight!.item<float>(), 6);
    }

    private static Func<Func<double, int, double>> AdamRule(double decay) => () =>
    {
        double m = 0, v = 0;
        return (w, t) =>
        {
            double g = Gradient(w, t);
            m = (0.8 * m) + (0.2 * g);
            v = (0.95 * v) + (0.05 * g * g);
            double mean = m / (1 - Math.Pow(0.8, t));
            double square = v / (1 - Math.Pow(0.95, t));
            return (w * (1 - (Rate * decay))) - (Rate * mean / (Math.Sqrt(square) + 1e-3));
        };
    };

    private static void AssertFollows(OptimizerConfiguration kind, Func<Func<double, int, double>> rule)
    {
        using Linear model = nn.Linear(3, 1, hasBias: false, dtype: ScalarType.Float64);
        using (no_grad())
        {
            model.weight!.copy_(tensor(Start, [1, 3]));
        }

        using FlatOptimizer optimizer = Flat(model, kind);
        Func<double, int, double>[] rules = [.. Start.Select(_ => rule())];
        double[] weights = [.. Start];
        for (int t = 1; t <= 3; t++)
        {
            double[] current = model.weight!.detach().data<double>().ToArray();
            model.weight.grad!.copy_(tensor([.. current.Select(w => Gradient(w, t))], [1, 3]));
            Step(optimizer);
            weights = [.. weights.Zip(rules, (w, update) => update(w, t))];
            double[] updated = model.weight.detach().data<double>().ToArray();
            Assert.All(weights.Zip(updated), pair => Assert.Equal(pair.First, pair.Second, 12));
        }
    }

    private static OptimizerConfiguration Kind(string kind) => kind switch
    {
        "adam" => Adam,
        "adamw" => AdamW,
        "adamax" => Adamax,
        "sgd" => new SgdConfiguration { Momentum = 0.7, Nesterov = true },
        _ => new SgdConfiguration { Momentum = 0 },
    };

    private static FlatOptimizer Flat(nn.Module model, OptimizerConfiguration kind, double rate = Rate, double clip = 0) =>
        new(new FlatParameters(model), new TrainConfiguration { Optimizer = kind, LearningRate = rate, GradientClip = clip });

    private static void Update(Linear model, FlatOptimizer optimizer, int t)
    {
        optimizer.Parameters.Gradients.Tensor.zero_();
        model.forward(arange(6).to_type(ScalarType.Float32).view(2, 3) * t).square().sum().backward();
        Step(optimizer);
    }

    private static void Step(FlatOptimizer optimizer)
    {
        optimizer.Begin();
        optimizer.UpdateAll();
    }
}
