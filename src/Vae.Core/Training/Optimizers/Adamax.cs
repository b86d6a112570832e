namespace Vae.Core.Training.Optimizers;

/// <summary>Adam by the largest instead of the mean square gradient (Kingma and Ba 2015, section 7.1).</summary>
internal sealed record AdamaxConfiguration : AdamFamilyConfiguration
{
    internal static AdamaxConfiguration Map(ConfigurationVisitor visitor, AdamaxConfiguration value) => MapFamily(visitor, value);

    internal override UpdateRule Rule() => new AdamaxRule(this);
}

internal sealed class AdamaxRule(AdamaxConfiguration options) : UpdateRule("exp_avg", "exp_inf")
{
    private double _stepSize;

    public override void Prepare(long step, double learningRate) => _stepSize = learningRate / (1 - Math.Pow(options.Beta1, step));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply<TWeights, T>(TWeights weights)
    {
        T beta1 = T.Of(options.Beta1);
        T rest1 = T.Of(1 - options.Beta1);
        T beta2 = T.Of(options.Beta2);
        T epsilon = T.Of(options.Epsilon);
        T stepSize = T.Of(_stepSize);
        T one = T.Of(1);
        for (int i = 0; i < weights.Count; i++)
        {
            T gradient = weights.Gradient(i);
            T mean = (weights.First(i) * beta1) + (gradient * rest1);
            T largest = T.Max(weights.Second(i) * beta2, T.Abs(gradient) + epsilon);
            weights.KeepFirst(i, mean);
            weights.KeepSecond(i, largest);
            weights.Update(i, one, mean * stepSize / largest);
        }
    }
}
