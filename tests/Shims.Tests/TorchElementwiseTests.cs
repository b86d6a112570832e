using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

/// <summary>Operators element by element against the functions of .NET, and their gradients against central differences.</summary>
[Collection(TorchTests.Name)]
public class TorchElementwiseTests
{
    private sealed record Case(Func<Tensor, Tensor> Operator, Func<double, double> Reference, double Low = -2, double High = 2, bool Smooth = true);

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["neg"] = new(x => -x, x => -x),
        ["abs"] = new(x => x.abs(), Math.Abs, 0.1),
        ["exp"] = new(x => x.exp(), Math.Exp),
        ["expm1"] = new(x => x.expm1(), x => Math.Exp(x) - 1),
        ["log"] = new(x => x.log(), Math.Log, 0.1),
        ["log1p"] = new(x => x.log1p(), x => Math.Log(1 + x), -0.9),
        ["log2"] = new(x => x.log2(), Math.Log2, 0.1),
        ["log10"] = new(x => x.log10(), Math.Log10, 0.1),
        ["sqrt"] = new(x => x.sqrt(), Math.Sqrt, 0.1),
        ["rsqrt"] = new(x => x.rsqrt(), x => 1 / Math.Sqrt(x), 0.1),
        ["square"] = new(x => x.square(), x => x * x),
        ["reciprocal"] = new(x => x.reciprocal(), x => 1 / x, 0.2),
        ["sin"] = new(x => x.sin(), Math.Sin),
        ["cos"] = new(x => x.cos(), Math.Cos),
        ["tan"] = new(x => x.tan(), Math.Tan, -1, 1),
        ["sinh"] = new(x => x.sinh(), Math.Sinh),
        ["cosh"] = new(x => x.cosh(), Math.Cosh),
        ["tanh"] = new(x => x.tanh(), Math.Tanh),
        ["asin"] = new(x => x.asin(), Math.Asin, -0.9, 0.9),
        ["acos"] = new(x => x.acos(), Math.Acos, -0.9, 0.9),
        ["atan"] = new(x => x.atan(), Math.Atan),
        ["sigmoid"] = new(x => x.sigmoid(), Sigmoid),
        ["log_sigmoid"] = new(x => x.log_sigmoid(), x => Math.Log(Sigmoid(x))),
        ["softplus"] = new(x => x.softplus(), x => Math.Log(1 + Math.Exp(x))),
        ["softplus of beta 3"] = new(x => nn.functional.softplus(x, 3), x => Math.Log(1 + Math.Exp(3 * x)) / 3),
        ["relu"] = new(x => x.relu(), x => Math.Max(x, 0), 0.1),
        ["leaky_relu"] = new(x => nn.functional.leaky_relu(x, 0.2), x => x < 0 ? 0.2 * x : x, -2, -0.1),
        ["elu"] = new(x => nn.functional.elu(x, 1.5), x => x < 0 ? 1.5 * (Math.Exp(x) - 1) : x, -2, -0.1),
        ["silu"] = new(x => nn.functional.silu(x), x => x * Sigmoid(x)),
        ["gelu"] = new(x => nn.functional.gelu(x), x => x * 0.5 * (1 + Erf(x / Math.Sqrt(2)))),
        ["erf"] = new(x => x.erf(), Erf),
        ["erfc"] = new(x => x.erfc(), x => 1 - Erf(x)),
        ["lgamma"] = new(x => x.lgamma(), LogGamma, 0.3, 6),
        ["digamma"] = new(x => x.digamma(), x => (LogGamma(x + 1e-5) - LogGamma(x - 1e-5)) / 2e-5, 0.5, 6, Smooth: false),
        ["floor"] = new(x => x.floor(), Math.Floor, Smooth: false),
        ["ceil"] = new(x => x.ceil(), Math.Ceiling, Smooth: false),
        ["round"] = new(x => x.round(), x => Math.Round(x, MidpointRounding.ToEven), Smooth: false),
        ["round to 2 places"] = new(x => x.round(2), x => Math.Round(x, 2), Smooth: false),
        ["trunc"] = new(x => x.trunc(), Math.Truncate, Smooth: false),
        ["sign"] = new(x => x.sign(), x => Math.Sign(x), Smooth: false),
        ["pow 3"] = new(x => x.pow(3), x => x * x * x),
        ["pow 2.5"] = new(x => x.pow(2.5), x => Math.Pow(x, 2.5), 0.1),
        ["clamp"] = new(x => x.clamp(-0.5, 0.75), x => Math.Clamp(x, -0.5, 0.75), Smooth: false),
        ["clamp from below"] = new(x => x.clamp(min: (Scalar)0.25), x => Math.Max(x, 0.25), Smooth: false),
        ["x + 2"] = new(x => x + 2, x => x + 2),
        ["2 + x"] = new(x => 2.0 + x, x => 2 + x),
        ["x - 0.5"] = new(x => x - 0.5, x => x - 0.5),
        ["0.5 - x"] = new(x => 0.5 - x, x => 0.5 - x),
        ["x * 3"] = new(x => x * 3L, x => x * 3),
        ["3 * x"] = new(x => 3.0f * x, x => 3 * x),
        ["x / 4"] = new(x => x / 4, x => x / 4),
        ["1 / x"] = new(x => 1.0 / x, x => 1 / x, 0.2),
        ["x % 0.75"] = new(x => x % 0.75, x => x - (0.75 * Math.Floor(x / 0.75)), Smooth: false),
        ["div rounded down"] = new(x => x.div(0.3, RoundingMode.floor), x => Math.Floor(x / 0.3), Smooth: false),
        ["div rounded to zero"] = new(x => x.div(0.3, RoundingMode.trunc), x => Math.Truncate(x / 0.3), Smooth: false),
        ["dropout of 0"] = new(x => nn.functional.dropout(x, 0), x => x),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_of_one_number_agrees_with_plain_arithmetic(string name)
    {
        var (function, reference, low, high, _) = Cases[name];
        using var scope = NewDisposeScope();
        var x = TorchTest.Uniform(low, high, 3, 5);
        var tolerance = name == "digamma" ? 1e-7 : 1e-11;

        TorchTest.Near([.. TorchTest.Elements(x).Select(reference)], function(x), tolerance);
        TorchTest.Near([.. TorchTest.Elements(x.t()).Select(reference)], function(x.t()), tolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_gradient_agrees_with_central_differences(string name)
    {
        var (function, _, low, high, smooth) = Cases[name];
        using var scope = NewDisposeScope();
        var x = TorchTest.Uniform(low, high, 2, 3);
        if (smooth)
        {
            TorchTest.GradientAgrees(function, x);
        }
        else
        {
            // Steps and kinks have no slope to compare with; the gradient must still exist.
            var leaf = x.requires_grad_();
            function(leaf).sum().backward();
            Assert.Equal(x.shape, leaf.grad!.shape);
        }
    }

    [Fact]
    public void Operators_of_two_tensors_agree_with_plain_arithmetic_and_spread_over_dimensions()
    {
        using var scope = NewDisposeScope();
        var a = TorchTest.Uniform(0.5, 2, 2, 3);
        var b = TorchTest.Doubles([0.5, -1.5, 3]);
        void Check(Func<Tensor, Tensor, Tensor> op, Func<double, double, double> reference)
        {
            var (x, y) = (TorchTest.Elements(a), TorchTest.Elements(b));
            TorchTest.Near([.. x.Select((value, i) => reference(value, y[i % 3]))], op(a, b));
        }

        Check((x, y) => x + y, (x, y) => x + y);
        Check((x, y) => x - y, (x, y) => x - y);
        Check((x, y) => x * y, (x, y) => x * y);
        Check((x, y) => x / y, (x, y) => x / y);
        Check((x, y) => x % y, (x, y) => x - (y * Math.Floor(x / y)));
        Check((x, y) => x.pow(y), Math.Pow);
        Check((x, y) => x.add(y, alpha: 2), (x, y) => x + (2 * y));
        Check((x, y) => x.maximum(y), Math.Max);
        Check((x, y) => torch.minimum(x, y), Math.Min);
        Check((x, y) => torch.logaddexp(x, y), (x, y) => Math.Log(Math.Exp(x) + Math.Exp(y)));
        Check((x, y) => x.atan2(y), Math.Atan2);
        Check((x, y) => x.addcmul(y, y, value: 0.5), (x, y) => x + (0.5 * y * y));
        Check((x, y) => x.addcdiv(y, x, value: 0.5), (x, y) => x + (0.5 * y / x));
        Check((x, y) => x.lerp(y.expand(2, 3), tensor(0.25)), (x, y) => x + (0.25 * (y - x)));
        Check((x, y) => torch.where(x > y, x, y), Math.Max);
        Check((x, y) => (x > y).to_type(ScalarType.Float64), (x, y) => x > y ? 1 : 0);
        Check((x, y) => (x <= y) | (x == y), (x, y) => x <= y ? 1 : 0);
        Check((x, y) => (x >= y) & (x != y), (x, y) => x >= y && x != y ? 1 : 0);
        Check((x, y) => ~(x < y) ^ (y > 0), (x, y) => !(x < y) ^ (y > 0) ? 1 : 0);
    }

    [Fact]
    public void An_operator_in_place_changes_its_tensor_and_gives_the_same_object_back()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Doubles([1, 4, 9]);

        Assert.Same(x, x.sqrt_());
        Assert.Same(x, x.add_(1).mul_(2).sub_(TorchTest.Doubles([1, 1, 1])).div_(3));
        TorchTest.Near([1, 5 / 3.0, 7 / 3.0], x);
        x.clamp_(max: (Scalar)2).addcmul_(x, x, value: 1).lerp_(zeros(3, ScalarType.Float64), tensor(0.5));
        TorchTest.Near([1, (5 / 3.0 + 25 / 9.0) / 2, 3], x);
        TorchTest.Near([7, 7, 7], x.fill_(7));
        TorchTest.Near([1, 2, 3], x.copy_(tensor(new[] { 1f, 2f, 3f })));
        TorchTest.Near([0, 0, 0], x.zero_());
    }

    [Fact]
    public void Numbers_that_are_none_are_found()
    {
        using var scope = NewDisposeScope();
        var x = TorchTest.Doubles([1, double.NaN, double.PositiveInfinity, double.NegativeInfinity]);

        TorchTest.Near([0, 1, 0, 0], x.isnan());
        TorchTest.Near([1, 0, 0, 0], torch.isfinite(x));
        TorchTest.Near([0, 0, 1, 1], x.isinf());
        TorchTest.Near([1, -1, 5, 6], x.nan_to_num(-1, 5, 6));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>By its power series, which converges fast for the small numbers used here.</summary>
    private static double Erf(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }

    /// <summary>By Stirling's series, after a shift to where it is exact to the last digits.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 15; x++)
        {
            shift += Math.Log(x);
        }

        var series = (1 / (12 * x)) - (1 / (360 * Math.Pow(x, 3))) + (1 / (1260 * Math.Pow(x, 5))) - (1 / (1680 * Math.Pow(x, 7)));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }
}
