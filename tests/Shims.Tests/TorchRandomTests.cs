using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchRandomTests
{
    [Fact]
    public void A_generator_of_a_seed_gives_the_same_numbers_again()
    {
        using var scope = NewDisposeScope();
        using var a = new Generator(7);
        using var b = new Generator(7);
        using var other = new Generator(8);

        Assert.True(randn(5, generator: a).Equals(randn(5, generator: b)));
        Assert.True(rand(5, generator: a).Equals(rand(5, generator: b)));
        Assert.True(randperm(50, generator: a).Equals(randperm(50, generator: b)));
        Assert.True(empty(9).normal_(generator: a).Equals(empty(9).normal_(generator: b)));
        Assert.True(full(9, 0.5).bernoulli(a).Equals(full(9, 0.5).bernoulli(b)));
        Assert.False(randn(5, generator: a).Equals(randn(5, generator: other)));
        Assert.Equal(7, a.initial_seed());
        Assert.True(randn(3, generator: a.manual_seed(3)).Equals(randn(3, generator: b.manual_seed(3))));
    }

    [Fact]
    public void A_state_can_be_kept_and_restored()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        _ = randn(3, generator: generator);
        var state = generator.get_state();
        var first = randn(4, generator: generator);
        generator.set_state(state);

        Assert.True(first.Equals(randn(4, generator: generator)));
        var global = random.get_rng_state();
        var before = rand(4);
        random.set_rng_state(global);
        Assert.True(before.Equals(rand(4)));
    }

    [Fact]
    public void The_global_seed_rules_what_has_no_generator()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var first = rand(4);
        manual_seed(5);

        Assert.True(first.Equals(rand(4)));
        manual_seed(5);
        using var layer = nn.Linear(3, 2);
        manual_seed(5);
        using var again = nn.Linear(3, 2);
        Assert.True(layer.weight!.Equals(again.weight!));
    }

    [Fact]
    public void Numbers_follow_their_distributions()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        const long Count = 40_000;
        void Moments(Tensor x, double mean, double deviation)
        {
            var doubles = x.to_type(ScalarType.Float64);
            Assert.Equal(mean, doubles.mean().ToDouble(), 0.03 * Math.Max(1, deviation));
            Assert.Equal(deviation, doubles.std().ToDouble(), 0.03 * Math.Max(1, deviation));
        }

        Moments(randn(Count, generator: generator), 0, 1);
        Moments(rand(Count, generator: generator), 0.5, Math.Sqrt(1 / 12.0));
        Moments(empty(Count).normal_(3, 2, generator), 3, 2);
        Moments(empty(Count).uniform_(-1, 3, generator), 1, 4 / Math.Sqrt(12));
        Moments(empty(Count).exponential_(2, generator), 0.5, 0.5);
        Moments(empty(Count).bernoulli_(0.3, generator), 0.3, Math.Sqrt(0.21));
        Moments(torch.bernoulli(full(Count, 0.3), generator), 0.3, Math.Sqrt(0.21));
        Moments(randint(0, 10, new long[] { Count }, generator: generator), 4.5, Math.Sqrt(8.25));
        Moments(normal(2, 0.5, [Count], generator: generator), 2, 0.5);
        Moments(torch.normal(full(Count, -1.0), full(Count, 2.0), generator), -1, 2);
        Moments(tensor(new[] { 0.25, 0.75 }).multinomial(Count, true, generator), 0.75, Math.Sqrt(0.1875));
        TorchTest.Near([.. Enumerable.Range(0, 100).Select(i => (double)i)], randperm(100, generator: generator).sort().Values);
    }
}
