namespace Vae.Core.Tests.Training.Optimizers;

/// <summary>
/// Three updates of each rule against its formula in float64, for numbers of weights that fill vectors and such that do not.
/// </summary>
public class UpdateRuleTests
{
    private const double Rate = 0.05;
    private const float Scale = 0.5f;
    private static readonly AdamWConfiguration Options = new() { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3, WeightDecay = 0.3 };

    public static TheoryData<string, int> Cases()
    {
        TheoryData<string, int> cases = [];
        foreach (string rule in new[] { "adam", "adamw", "adamax", "sgd", "momentum", "nesterov" })
        {
            foreach (int length in new[] { 1, 15, 16, 17, 50 })
            {
                cases.Add(rule, length);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_weight_to_the_last_follows_the_formula_and_none_beyond_it_changes(string name, int length)
    {
        const float Beyond = 77;
        (UpdateRule rule, Func<State, double, int, State> formula) = Rule(name);
        // Weights, first, second.
        float[][] memory = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Repeat(Beyond, length + 16).ToArray())];
        State[] expected = [.. Enumerable.Range(0, length).Select(i => new State(0.5 - (0.1 * i), 0, 0))];
        for (int i = 0; i < length; i++)
        {
            (memory[0][i], memory[1][i], memory[2][i]) = ((float)expected[i].Weight, 0, 0);
        }

        int kept = rule.StateNames.Count;
        for (int step = 1; step <= 3; step++)
        {
            float[] gradients = [.. Enumerable.Range(0, length).Select(i => (step == 2 ? -3f : 1f) * (1 + (0.2f * i)))];
            rule.Prepare(step, Rate);
            rule.Apply(
                memory[0].AsSpan(0, length),
                gradients,
                kept > 0 ? memory[1].AsSpan(0, length) : default,
                kept > 1 ? memory[2].AsSpan(0, length) : default,
                Scale);
            expected = [.. expected.Zip(gradients, (state, gradient) => formula(state, gradient * Scale, step))];
        }

        for (int i = 0; i < length; i++)
        {
            Assert.Equal(expected[i].Weight, memory[0][i], 1e-5);
            Assert.Equal(expected[i].First, kept > 0 ? memory[1][i] : 0, 1e-5);
            Assert.Equal(expected[i].Second, kept > 1 ? memory[2][i] : 0, 1e-5 * (1 + expected[i].Second));
        }

        Assert.All(memory, values => Assert.All(values[length..], value => Assert.Equal(Beyond, value)));
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adamax")]
    [InlineData("momentum")]
    public void What_is_kept_of_a_weight_without_gradient_goes_down_to_zero_and_never_to_subnormal_numbers(string name)
    {
        UpdateRule rule = Rule(name).Rule;
        float[] weights = new float[20];
        float[][] kept = [[.. Enumerable.Repeat(3e-38f, 20)], [.. Enumerable.Repeat(3e-38f, 20)]];
        for (int step = 1; step <= 100; step++)
        {
            rule.Prepare(step, Rate);
            rule.Apply(weights, new float[20], kept[0], rule.StateNames.Count > 1 ? kept[1] : default, Scale);
            Assert.All(kept[..rule.StateNames.Count], values => Assert.DoesNotContain(values, float.IsSubnormal));
        }

        Assert.All(kept[0], value => Assert.Equal(0, value));
    }

    private static (UpdateRule Rule, Func<State, double, int, State> Formula) Rule(string name) => name switch
    {
        "adam" => (new AdamRule(Options, weightDecay: 0), (state, gradient, step) => Adam(state, gradient, step, decay: 0)),
        "adamw" => (Options.Rule(), (state, gradient, step) => Adam(state, gradient, step, Options.WeightDecay)),
        "adamax" => (new AdamaxConfiguration { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3 }.Rule(), Adamax),
        "sgd" => (new SgdConfiguration { Momentum = 0 }.Rule(), (state, gradient, _) => Descent(state, gradient, 0, false)),
        "momentum" => (new SgdConfiguration { Momentum = 0.7 }.Rule(), (state, gradient, _) => Descent(state, gradient, 0.7, false)),
        "nesterov" =>
            (new SgdConfiguration { Momentum = 0.7, Nesterov = true }.Rule(), (state, gradient, _) => Descent(state, gradient, 0.7, true)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static State Adam(State state, double gradient, int step, double decay)
    {
        double mean = (Options.Beta1 * state.First) + ((1 - Options.Beta1) * gradient);
        double square = (Options.Beta2 * state.Second) + ((1 - Options.Beta2) * gradient * gradient);
        double size = Math.Sqrt(square / (1 - Math.Pow(Options.Beta2, step))) + Options.Epsilon;
        double weight = state.Weight * (1 - (Rate * decay));
        return new State(weight - (Rate / (1 - Math.Pow(Options.Beta1, step)) * mean / size), mean, square);
    }

    private static State Adamax(State state, double gradient, int step)
    {
        double mean = (Options.Beta1 * state.First) + ((1 - Options.Beta1) * gradient);
        double largest = Math.Max(Options.Beta2 * state.Second, Math.Abs(gradient) + Options.Epsilon);
        return new State(state.Weight - (Rate / (1 - Math.Pow(Options.Beta1, step)) * mean / largest), mean, largest);
    }

    private static State Descent(State state, double gradient, double momentum, bool nesterov)
    {
        double velocity = (momentum * state.First) + gradient;
        double direction = nesterov ? gradient + (momentum * velocity) : velocity;
        return new State(state.Weight - (Rate * direction), momentum > 0 ? velocity : 0, 0);
    }

    private readonly record struct State(double Weight, double First, double Second);
}
