using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

[Collection(TorchTests.Name)]
public class TorchLinearAlgebraTests
{
    private static readonly double[] A = [2, -1, 0.5, 1, 3, -2];
    private static readonly double[] B = [1, 0, 2, -1, 0.5, 4];

    /// <summary>[2, 3] times [3, 2].</summary>
    private static double[] Product()
    {
        var product = new double[4];
        for (var i = 0; i < 12; i++)
        {
            product[i / 3] += A[(i / 6 * 3) + (i % 3)] * B[(i % 3 * 2) + (i / 3 % 2)];
        }

        return product;
    }

    [Fact]
    public void Products_agree_with_plain_arithmetic()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (TorchTest.Doubles(A, 2, 3), TorchTest.Doubles(B, 3, 2));

        TorchTest.Near(Product(), a.matmul(b));
        TorchTest.Near(Product(), torch.mm(a, b));
        TorchTest.Near([.. Product(), .. Product()], a.expand(2, 2, 3).bmm(b.expand(2, 3, 2)));
        TorchTest.Near(Product(), torch.einsum("ij,jk->ik", a, b));
        TorchTest.Near([.. Product().Select(x => 0.5 + (2 * x))], torch.addmm(ones(2, 2, ScalarType.Float64), a, b, 0.5f, 2));
        TorchTest.Near(Product(), zeros(2, 2, ScalarType.Float64).addmm_(a, b));
        TorchTest.Near([.. Product().Select((x, i) => x + (i % 2))], nn.functional.linear(a, b.t(), TorchTest.Doubles([0, 1])));
        TorchTest.Near([1, 2, 2, 4], torch.outer(TorchTest.Doubles([1, 2]), TorchTest.Doubles([1, 2])));
        TorchTest.Near([5], torch.dot(TorchTest.Doubles([1, 2]), TorchTest.Doubles([1, 2])));
        TorchTest.Near([1, 4], a.narrow(1, 0, 2).mv(ones(2, ScalarType.Float64)));
    }

    [Fact]
    public void Factors_multiply_to_the_matrix()
    {
        using var scope = NewDisposeScope();
        var a = TorchTest.Uniform(-1, 1, 4, 4);
        var symmetric = a.matmul(a.t()) + eye(4, dtype: ScalarType.Float64);
        var elements = TorchTest.Elements(a);

        var (u, s, vh) = linalg.svd(a, fullMatrices: false);
        TorchTest.Near(elements, u.matmul(s.diag()).matmul(vh));
        TorchTest.Near(TorchTest.Elements(s), linalg.svdvals(a));
        var (q, r) = linalg.qr(a);
        TorchTest.Near(elements, q.matmul(r));
        TorchTest.Near(TorchTest.Elements(eye(4)), q.t().matmul(q));
        var (values, vectors) = linalg.eigh(symmetric);
        TorchTest.Near(TorchTest.Elements(symmetric), vectors.matmul(values.diag()).matmul(vectors.t()));
        var lower = linalg.cholesky(symmetric);
        TorchTest.Near(TorchTest.Elements(symmetric), lower.matmul(lower.t()));
        var (sign, logarithm) = linalg.slogdet(symmetric);
        TorchTest.Near([values.log().sum().ToDouble()], logarithm);
        TorchTest.Near([1], sign);
        TorchTest.Near([values.prod().ToDouble()], linalg.det(symmetric));
        TorchTest.Near(elements, symmetric.matmul(linalg.solve(symmetric, a)));
        TorchTest.Near(TorchTest.Elements(eye(4)), symmetric.matmul(linalg.inv(symmetric)));
    }

    [Fact]
    public void Norms_agree_with_plain_arithmetic()
    {
        using var scope = NewDisposeScope();
        var a = TorchTest.Doubles(A, 2, 3);
        var length = Math.Sqrt(A.Sum(x => x * x));

        TorchTest.Near([length], linalg.norm(a));
        TorchTest.Near([length], linalg.vector_norm(a));
        TorchTest.Near([A.Sum(Math.Abs)], linalg.vector_norm(a, 1));
        TorchTest.Near([3, 4, 2.5], linalg.norm(a, 1, [0L]));
    }

    [Fact]
    public void Gradients_of_products_agree_with_central_differences()
    {
        using var scope = NewDisposeScope();
        var a = TorchTest.Doubles(A, 2, 3);
        var (right, bias) = (TorchTest.Doubles(B, 3, 2), TorchTest.Doubles([0.5, -1]));
        var square = TorchTest.Uniform(-1, 1, 3, 3);

        TorchTest.GradientAgrees(x => x.matmul(right).square(), a);
        TorchTest.GradientAgrees(x => nn.functional.linear(x, right.t(), bias).tanh(), a);
        TorchTest.GradientAgrees(x => nn.functional.linear(a, x, null).tanh(), right.t().contiguous());
        TorchTest.GradientAgrees(x => torch.einsum("ij,ik->jk", x, x), a);
        TorchTest.GradientAgrees(x => linalg.svdvals(x), square);
        TorchTest.GradientAgrees(x => linalg.inv(x + (3 * eye(3, dtype: ScalarType.Float64))), square);
        TorchTest.GradientAgrees(x => linalg.slogdet(x.matmul(x.t()) + eye(3, dtype: ScalarType.Float64)).Item2, square);
    }
}
