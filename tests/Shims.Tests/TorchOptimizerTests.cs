using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Shims.Tests;

/// <summary>Each optimizer against its rule in plain arithmetic, over twenty steps of the same made-up gradients.</summary>
[Collection(TorchTests.Name)]
public class TorchOptimizerTests
{
    private const int Steps = 20;
    private const double Rate = 0.1;

    private static readonly double[] Start = [1, -2, 0.5];

    /// <summary>One number's update: the parameter, its gradient, the step from 1, and memory that starts at zero.</summary>
    private delegate double Rule(double parameter, double gradient, int step, double[] memory);

    [Fact]
    public void Adam_follows_its_rule() => Follows(
        parameters => optim.Adam(parameters, Rate, 0.8, 0.95, 1e-6, 0.01),
        (p, g, t, m) => p - (Rate * AdamDirection(g + (0.01 * p), t, m)));

    [Fact]
    public void AdamW_follows_its_rule() => Follows(
        parameters => optim.AdamW(parameters, Rate, 0.8, 0.95, 1e-6, 0.01),
        (p, g, t, m) => (p * (1 - (Rate * 0.01))) - (Rate * AdamDirection(g, t, m)));

    [Fact]
    public void Adam_of_the_largest_second_moment_follows_its_rule() => Follows(
        parameters => optim.Adam(parameters, Rate, 0.8, 0.95, 1e-6, amsgrad: true, maximize: true),
        (p, g, t, m) => p - (Rate * AdamDirection(-g, t, m, largest: true)));

    [Fact]
    public void Adamax_follows_its_rule() => Follows(
        parameters => optim.Adamax(parameters, Rate, 0.8, 0.95, 1e-6),
        (p, g, t, m) =>
        {
            m[0] = (0.8 * m[0]) + (0.2 * g);
            m[1] = Math.Max(0.95 * m[1], Math.Abs(g) + 1e-6);
            return p - (Rate / (1 - Math.Pow(0.8, t)) * m[0] / m[1]);
        });

    [Fact]
    public void Gradient_descent_follows_its_rule() => Follows(
        parameters => optim.SGD(parameters, Rate, weight_decay: 0.01),
        (p, g, t, m) => p - (Rate * (g + (0.01 * p))));

    [Fact]
    public void Gradient_descent_with_momentum_follows_its_rule() => Follows(
        parameters => optim.SGD(parameters, Rate, momentum: 0.9, dampening: 0.1),
        (p, g, t, m) => p - (Rate * (m[0] = t == 1 ? g : (0.9 * m[0]) + (0.9 * g))));

    [Fact]
    public void Gradient_descent_with_nesterov_momentum_follows_its_rule() => Follows(
        parameters => optim.SGD(parameters, Rate, momentum: 0.9, nesterov: true),
        (p, g, t, m) => p - (Rate * (g + (0.9 * (m[0] = t == 1 ? g : (0.9 * m[0]) + g)))));

    [Fact]
    public void RMSprop_follows_its_rule() => Follows(
        parameters => optim.RMSProp(parameters, Rate, 0.9, 1e-6),
        (p, g, t, m) => p - (Rate * g / (Math.Sqrt(m[0] = (0.9 * m[0]) + (0.1 * g * g)) + 1e-6)));

    [Fact]
    public void RMSprop_centred_and_with_momentum_follows_its_rule() => Follows(
        parameters => optim.RMSProp(parameters, Rate, 0.9, 1e-6, momentum: 0.5, centered: true),
        (p, g, t, m) =>
        {
            m[0] = (0.9 * m[0]) + (0.1 * g * g);
            m[1] = (0.9 * m[1]) + (0.1 * g);
            m[2] = (0.5 * m[2]) + (g / (Math.Sqrt(m[0] - (m[1] * m[1])) + 1e-6));
            return p - (Rate * m[2]);
        });

    [Fact]
    public void Groups_have_learning_rates_of_their_own_that_can_be_changed()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Parameter(1), Parameter(1));
        using var optimizer = optim.Adam([new Adam.ParamGroup([a], lr: 0.5), new Adam.ParamGroup([b], new Adam.Options())], lr: 0.25);
        Step(optimizer, (a, 1), (b, 1));
        TorchTest.Near([0.5], a, 1e-6);
        TorchTest.Near([0.75], b, 1e-6);
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate *= 0.1;
        }

        Step(optimizer, (a, 1), (b, 1));
        TorchTest.Near([0.45], a, 1e-6);
        TorchTest.Near([0.725], b, 1e-6);
        Assert.Equal([0.5, 0.25], optimizer.ParamGroups.Select(group => group.InitialLearningRate));
    }

    [Fact]
    public void A_state_can_be_read_and_given_to_another_optimizer()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Parameter(1), Parameter(1));
        using var first = optim.Adam([a], Rate);
        using var second = optim.Adam([b], 0.3);
        Step(first, (a, 2));
        var state = Assert.IsType<Adam.State>(Assert.Single(first.state_dict().State));
        Assert.Equal(1, state.step);
        TorchTest.Near([0.2], state.exp_avg, 1e-6);
        TorchTest.Near([0.004], state.exp_avg_sq, 1e-6);

        b.requires_grad_(false).copy_(a).requires_grad_();
        second.load_state_dict(first.state_dict());
        Step(first, (a, -1));
        Step(second, (b, -1));
        Assert.True(a.Equals(b));
        var copy = (Adam.State)second.state_dict().State[0];
        Assert.Equal(2, copy.step);
        Assert.False(copy.exp_avg.IsInvalid);
        using var wider = optim.Adam([Parameter(1), Parameter(1)], Rate);
        Assert.ThrowsAny<Exception>(() => wider.load_state_dict(first.state_dict()));
    }

    [Fact]
    public void State_outlives_the_scope_of_a_step_and_parameters_without_gradient_stay()
    {
        var (a, b) = (Parameter(1).DetachFromDisposeScope(), Parameter(1).DetachFromDisposeScope());
        using var optimizer = optim.Adam([(Parameter)a, (Parameter)b], Rate);
        for (var i = 0; i < 2; i++)
        {
            using var scope = NewDisposeScope();
            Step(optimizer, ((Parameter)a, 1));
        }

        TorchTest.Near([0.8], a, 1e-5);
        TorchTest.Near([1], b);
        optimizer.zero_grad();
        using var gradient = a.grad;
        TorchTest.Near([0], gradient!);
    }

    [Fact]
    public void A_closure_computes_the_loss_of_the_step()
    {
        using var scope = NewDisposeScope();
        var a = Parameter(3);
        using var optimizer = optim.SGD([a], Rate);
        var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var squared = a.square().sum();
            squared.backward();
            return squared;
        });

        TorchTest.Near([9], loss!);
        TorchTest.Near([2.4], a, 1e-6);
    }

    [Fact]
    public void Gradients_are_cut_to_a_norm_or_a_value()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Parameter(0), Parameter(0));
        (a.grad, b.grad) = (tensor(new[] { 3f }), tensor(new[] { 4f }));

        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 10), 1e-5);
        TorchTest.Near([3], a.grad!);
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-5);
        TorchTest.Near([0.6], a.grad!, 1e-5);
        TorchTest.Near([0.8], b.grad!, 1e-5);
        nn.utils.clip_grad_value_([a, b], 0.7);
        TorchTest.Near([0.7], b.grad!, 1e-6);
    }

    private static Parameter Parameter(float value) => nn.Parameter(tensor(new[] { value }));

    private static void Step(optim.Optimizer optimizer, params (Parameter Parameter, float Gradient)[] gradients)
    {
        foreach (var (parameter, gradient) in gradients)
        {
            parameter.grad = tensor(new[] { gradient });
        }

        optimizer.step();
    }

    private static double AdamDirection(double g, int t, double[] m, bool largest = false)
    {
        m[0] = (0.8 * m[0]) + (0.2 * g);
        m[1] = (0.95 * m[1]) + (0.05 * g * g);
        m[2] = largest ? Math.Max(m[2], m[1]) : m[1];
        return m[0] / (1 - Math.Pow(0.8, t)) / (Math.Sqrt(m[2] / (1 - Math.Pow(0.95, t))) + 1e-6);
    }

    private static void Follows(Func<Parameter[], optim.Optimizer> create, Rule rule)
    {
        using var scope = NewDisposeScope();
        var parameter = nn.Parameter(TorchTest.Doubles(Start));
        using var optimizer = create([parameter]);
        var expected = (double[])Start.Clone();
        var memories = Start.Select(_ => new double[3]).ToArray();
        for (var step = 1; step <= Steps; step++)
        {
            double[] gradient = [.. expected.Select((p, i) => p + Math.Sin((7 * step) + i))];
            parameter.grad = TorchTest.Doubles(gradient);
            optimizer.step();
            expected = [.. expected.Select((p, i) => rule(p, gradient[i], step, memories[i]))];
        }

        TorchTest.Near(expected, parameter, 1e-10);
    }
}
