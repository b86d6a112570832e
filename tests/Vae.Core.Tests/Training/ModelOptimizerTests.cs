namespace Vae.Core.Tests.Training;

/// <summary>Three updates of each rule against the formulas of its paper, weight by weight in float64.</summary>
public sealed class ModelOptimizerTests : IDisposable
{
    private const double Rate = 0.05;
    private static readonly double[] Start = [0.5, -1.25, 2];

    // The gradient of step t at weight w: it changes in sign and size, and depends on the weight.
    private static readonly Func<double, int, double> Gradient = (w, t) => (w * (t == 2 ? -1.5 : 0.5)) + (0.1 * t);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Adam_follows_its_formula() => AssertFollows(
        model => new AdamModelOptimizer(model, new AdamOptions(Rate, 0.8, 0.95, 1e-3)), AdamRule(decay: 0));

    [Fact]
    public void AdamW_takes_weight_off_beside_the_step() => AssertFollows(
        model => new AdamWModelOptimizer(model, new AdamOptions(Rate, 0.8, 0.95, 1e-3, 0.3)), AdamRule(decay: 0.3));

    [Fact]
    public void Adamax_divides_by_the_largest_gradient()
    {
        AssertFollows(model => new AdamaxModelOptimizer(model, new AdamOptions(Rate, 0.8, 0.95, 1e-3)), () =>
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
        AssertFollows(model => new SgdModelOptimizer(model, Rate, momentum, nesterov), () =>
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
        using ModelOptimizer optimizer = Create(kind, model);
        using ModelOptimizer other = Create(kind, copy);
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

    [Fact]
    public void Clipping_scales_all_gradients_together_and_only_longer_ones()
    {
        foreach ((double limit, double expected) in new[] { (0.5, 0.5), (100.0, 5.0) })
        {
            using Linear model = nn.Linear(1, 1);
            using ModelOptimizer optimizer = new ClippingOptimizer(model, new SgdModelOptimizer(model, 1, 0, false), limit);
            float weight = model.weight!.item<float>();
            float bias = model.bias!.item<float>();
            model.weight!.grad = full([1, 1], 3.0f);
            model.bias!.grad = full([1], -4.0f); // together of norm 5

            optimizer.Step();

            Assert.Equal(-3 * expected / 5, model.weight!.item<float>() - weight, 4);
            Assert.Equal(4 * expected / 5, model.bias!.item<float>() - bias, 4);
        }
    }

    [Fact]
    public void The_rate_can_be_changed_between_updates()
    {
        using Linear model = nn.Linear(1, 1);
        using ModelOptimizer optimizer = new ClippingOptimizer(model, new SgdModelOptimizer(model, 1, 0, false), 1e9);
        optimizer.LearningRate = 0.25;
        Assert.Equal(0.25, optimizer.LearningRate);
        float weight = model.weight!.item<float>();
        model.weight!.grad = full([1, 1], 2.0f);
        model.bias!.grad = zeros(1);

        optimizer.Step();

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

    private static void AssertFollows(Func<nn.Module, ModelOptimizer> create, Func<Func<double, int, double>> rule)
    {
        using Linear model = nn.Linear(3, 1, hasBias: false, dtype: ScalarType.Float64);
        using (no_grad())
        {
            model.weight!.copy_(tensor(Start, [1, 3]));
        }

        using ModelOptimizer optimizer = create(model);
        Func<double, int, double>[] rules = [.. Start.Select(_ => rule())];
        double[] weights = [.. Start];
        for (int t = 1; t <= 3; t++)
        {
            double[] current = model.weight!.detach().data<double>().ToArray();
            model.weight.grad = tensor([.. current.Select(w => Gradient(w, t))], [1, 3]);
            optimizer.Step();
            optimizer.ZeroGradient();
            weights = [.. weights.Zip(rules, (w, update) => update(w, t))];
            double[] updated = model.weight.detach().data<double>().ToArray();
            Assert.All(weights.Zip(updated), pair => Assert.Equal(pair.First, pair.Second, 12));
        }
    }

    private static ModelOptimizer Create(string kind, nn.Module model) => kind switch
    {
        "adam" => new AdamModelOptimizer(model, new AdamOptions(Rate, 0.8, 0.95, 1e-3)),
        "adamw" => new AdamWModelOptimizer(model, new AdamOptions(Rate, 0.8, 0.95, 1e-3, 0.3)),
        "adamax" => new AdamaxModelOptimizer(model, new AdamOptions(Rate, 0.8, 0.95, 1e-3)),
        "sgd" => new SgdModelOptimizer(model, Rate, 0.7, nesterov: true),
        _ => new SgdModelOptimizer(model, Rate, 0, nesterov: false),
    };

    private static void Update(Linear model, ModelOptimizer optimizer, int t)
    {
        optimizer.ZeroGradient();
        model.forward(arange(6).to_type(ScalarType.Float32).view(2, 3) * t).square().sum().backward();
        optimizer.Step();
    }
}
