namespace Vae.Core.Tests.Likelihoods;

public class LocationScaleLikelihoodTests
{
    [Theory]
    [InlineData(0.2, 0.7, 0.1)]
    [InlineData(-0.2, 0, 1)]
    [InlineData(0.9, 1, 0.003)]
    public void With_a_fixed_scale_they_are_the_textbook_densities(double location, double y, double scale)
    {
        double t = (y - location) / scale;

        Assert.Equal(
            (-0.5 * t * t) - Math.Log(scale * Math.Sqrt(2 * Math.PI)), LogDensity(Gaussian(new FixedScale(scale)), y, location), 1e-9);
        Assert.Equal(-Math.Abs(t) - Math.Log(2 * scale), LogDensity(Laplace(new FixedScale(scale)), y, location), 1e-9);
    }

    [Theory]
    [InlineData(-3.0)]
    [InlineData(0.0)]
    [InlineData(-40.0)]
    [InlineData(9.0)]
    public void A_pixels_own_scale_is_bounded_smoothly(double raw)
    {
        double logScale = -7 + Softplus(raw + 7) - Softplus(raw - 1);
        double t = (0.7 - 0.2) / Math.Exp(logScale);

        Assert.InRange(logScale, -7, 1);
        Assert.Equal(
            (-0.5 * t * t) - logScale - (0.5 * Math.Log(2 * Math.PI)),
            LogDensity(Gaussian(Pixelwise()), 0.7, 0.2, raw),
            1e-8 * (1 + (t * t)));
    }

    [Fact]
    public void The_scales_plane_follows_the_locations_plane()
    {
        using DisposeScope scope = NewDisposeScope();
        using GaussianLikelihood likelihood = new(2, TargetKind.UnitInterval, Pixelwise());
        Tensor output = tensor(new[] { 0.1, 0.8, -2.0, -1.0 }).view(1, 1, 4);

        double value = likelihood.LogProbability(output, tensor(new[] { 0.3, 0.4 }).view(1, 2)).ToDouble();

        Assert.Equal(LogDensity(Gaussian(Pixelwise()), 0.3, 0.1, -2) + LogDensity(Gaussian(Pixelwise()), 0.4, 0.8, -1), value, 1e-10);
        Assert.Equal([0.1, 0.8], likelihood.Mean(output).view(-1).data<double>().ToArray());
        Assert.Equal(2, likelihood.OutputsPerPixel);
    }

    [Fact]
    public void A_learned_scale_is_a_parameter_with_the_gradient_of_central_differences()
    {
        double[,,] output = { { { 0.1, 0.5 }, { 0.9, 0.2 } } };
        double[,] target = { { 0.3, 0.3 }, { 0.8, 0.1 } };
        LocationScaleLikelihood[] likelihoods = [Gaussian(new LearnedScale(-7), 2), Laplace(new LearnedScale(-7), 2)];
        foreach (LocationScaleLikelihood likelihood in likelihoods)
        {
            GradientCheck.OfParameters(likelihood.@double(), output, target);
            Assert.Equal(["scale.log_scale"], likelihood.named_parameters().Select(pair => pair.name));
            likelihood.Dispose();
        }
    }

    [Fact]
    public void The_analytic_variance_is_the_mean_squared_error_and_is_kept_for_evaluation()
    {
        using DisposeScope scope = NewDisposeScope();
        using GaussianLikelihood likelihood = Gaussian(new AnalyticScale(-7), 2);
        (Tensor? output, Tensor? target) = Batch();
        double mse = (target - output).square().mean().ToDouble();

        double value = likelihood.LogProbability(output, target).sum().ToDouble();

        int count = (int)output.numel();
        Assert.Equal(-0.5 * count * (Math.Log(2 * Math.PI) + Math.Log(mse) + 1), value, 1e-9);
        Assert.Equal(0.5 * Math.Log(mse), State(likelihood), 1e-6);
        using IDisposable noGradient = no_grad();
        double expected = likelihood.LogProbability(output, target).sum().ToDouble();
        Assert.Equal(expected, value, 1e-5);
    }

    [Fact]
    public void The_analytic_laplace_scale_is_the_mean_absolute_error()
    {
        using DisposeScope scope = NewDisposeScope();
        using LaplaceLikelihood likelihood = Laplace(new AnalyticScale(-7), 2);
        (Tensor? output, Tensor? target) = Batch();

        likelihood.LogProbability(output, target);

        Assert.Equal(Math.Log((target - output).abs().mean().ToDouble()), State(likelihood), 1e-6);
    }

    [Fact]
    public void Under_the_analytic_variance_the_gradient_is_that_of_the_logarithm_of_the_squared_error()
    {
        using DisposeScope scope = NewDisposeScope();
        using GaussianLikelihood likelihood = Gaussian(new AnalyticScale(-7), 2);
        (Tensor? output, Tensor? target) = Batch();
        Tensor left = output.clone().requires_grad_();
        Tensor right = output.clone().requires_grad_();

        likelihood.LogProbability(left, target).sum().backward();
        ((target - right).square().mean().log() * (-0.5 * output.numel())).backward();

        Assert.True(left.grad!.allclose(right.grad!, 1e-10, 1e-10));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Evaluating_changes_no_state(bool withoutGradient)
    {
        using DisposeScope scope = NewDisposeScope();
        using GaussianLikelihood likelihood = Gaussian(new AnalyticScale(-7), 2);
        (Tensor? output, Tensor? target) = Batch();
        likelihood.LogProbability(output, target);
        double before = State(likelihood);
        if (!withoutGradient)
        {
            likelihood.eval();
        }

        using (set_grad_enabled(!withoutGradient))
        {
            likelihood.LogProbability(output * 3, target);
            likelihood.Mean(output);
            likelihood.Sample(output, target * 0.5);
        }

        Assert.Equal(before, State(likelihood));
    }

    [Fact]
    public void Two_calls_of_one_step_can_both_go_backward()
    {
        using DisposeScope scope = NewDisposeScope();
        using GaussianLikelihood likelihood = Gaussian(new AnalyticScale(-7), 2);
        (Tensor? output, Tensor? target) = Batch();
        Tensor leaf = output.requires_grad_();

        Tensor sum = likelihood.LogProbability(leaf, target).sum() + likelihood.LogProbability(leaf * 2, target).sum();
        sum.backward();

        Assert.True(leaf.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Pixels_that_are_met_exactly_leave_the_analytic_scale_at_its_least()
    {
        using DisposeScope scope = NewDisposeScope();
        using GaussianLikelihood likelihood = Gaussian(new AnalyticScale(-7), 2);
        (Tensor? output, Tensor _) = Batch();

        Assert.True(likelihood.LogProbability(output, output.squeeze(0)).isfinite().all().ToBoolean());
        Assert.Equal(-7, State(likelihood), 5);
    }

    [Fact]
    public void The_analytic_scale_travels_in_the_state_and_is_no_parameter()
    {
        using GaussianLikelihood likelihood = Gaussian(new AnalyticScale(-7), 2);

        Assert.Equal(["scale.log_scale"], likelihood.state_dict().Keys);
        Assert.Empty(likelihood.parameters());
    }

    private static (Tensor Output, Tensor Target) Batch() =>
        (tensor(new[] { 0.1, 0.5, 0.9, 0.2, 0.4, 0.4 }).view(1, 3, 2), tensor(new[] { 0.3, 0.3, 0.8, 0.1, 0.45, 0.7 }).view(3, 2));

    private static double State(LocationScaleLikelihood likelihood) => likelihood.state_dict()["scale.log_scale"].ToDouble();

    private static PixelwiseScale Pixelwise() => new(LocationScaleLikelihood.MinimumLogScale);

    private static GaussianLikelihood Gaussian(PixelScale scale, int pixels = 1) => new(pixels, TargetKind.UnitInterval, scale);

    private static LaplaceLikelihood Laplace(PixelScale scale, int pixels = 1) => new(pixels, TargetKind.UnitInterval, scale);

    private static double LogDensity(LocationScaleLikelihood likelihood, double y, params double[] output) =>
        new LikelihoodOracle(likelihood, output).LogProbability(y)[0];

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
