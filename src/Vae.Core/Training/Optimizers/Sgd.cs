namespace Vae.Core.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum.</summary>
internal sealed record SgdConfiguration : OptimizerConfiguration
{
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient counts where the momentum leads to (Nesterov), not where the weights stand.</summary>
    public bool Nesterov { get; init; }

    internal static SgdConfiguration Map(ConfigurationVisitor visitor, SgdConfiguration value) => value with
    {
        Momentum = visitor.Real("momentum", value.Momentum, Interval.Decay, "share of the last step that the next one keeps"),
        Nesterov = visitor.Boolean("nesterov", value.Nesterov, "Nesterov's momentum; needs a momentum above 0"),
    };

    internal override UpdateRule Rule() => new SgdRule(this);

    internal override IEnumerable<ConfigurationError> Check(string path) =>
        Nesterov && Momentum == 0 ? [new($"{path}.nesterov", "needs a momentum above 0")] : [];
}

// The library makes its momentum at the first step, as a copy of the gradient; from zeros the first step comes to the same.
internal sealed class SgdRule(SgdConfiguration options) : UpdateRule(options.Momentum > 0 ? ["momentum_buffer"] : [])
{
    private double _stepSize;

    public override void Prepare(long step, double learningRate) => _stepSize = learningRate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply<TWeights, T>(TWeights weights)
    {
        bool hasMomentum = options.Momentum > 0;
        bool nesterov = options.Nesterov;
        T momentum = T.Of(options.Momentum);
        T stepSize = T.Of(_stepSize);
        T one = T.Of(1);
        for (int i = 0; i < weights.Count; i++)
        {
            T direction = weights.Gradient(i);
            if (hasMomentum)
            {
                T velocity = (weights.First(i) * momentum) + direction;
                weights.KeepFirst(i, velocity);
                direction = nesterov ? direction + (velocity * momentum) : velocity;
            }

            weights.Update(i, one, direction * stepSize);
        }
    }
}
