namespace TorchSharp.Interop;

// Operators along dimensions.
internal static partial class Op
{
    public static readonly Operator All = new("all");
    public static readonly Operator AllDim = new("all", "dim");
    public static readonly Operator Allclose = new("allclose");
    public static readonly Operator Amax = new("amax");
    public static readonly Operator AmaxOut = new("amax", "out");
    public static readonly Operator Amin = new("amin");
    public static readonly Operator AminOut = new("amin", "out");
    public static readonly Operator Any = new("any");
    public static readonly Operator AnyDim = new("any", "dim");
    public static readonly Operator Argmax = new("argmax");
    public static readonly Operator Argmin = new("argmin");
    public static readonly Operator Argsort = new("argsort");
    public static readonly Operator CountNonzero = new("count_nonzero");
    public static readonly Operator CountNonzeroDim = new("count_nonzero", "dim_IntList");
    public static readonly Operator Cumprod = new("cumprod");
    public static readonly Operator Cumsum = new("cumsum");
    public static readonly Operator Equal = new("equal");
    public static readonly Operator IsNonzero = new("is_nonzero");
    public static readonly Operator Item = new("item");
    public static readonly Operator LogSoftmax = new("log_softmax", "int");
    public static readonly Operator Logsumexp = new("logsumexp");
    public static readonly Operator Max = new("max");
    public static readonly Operator MaxDim = new("max", "dim");
    public static readonly Operator Mean = new("mean");
    public static readonly Operator MeanDim = new("mean", "dim");
    public static readonly Operator Min = new("min");
    public static readonly Operator MinDim = new("min", "dim");
    public static readonly Operator Norm = new("norm", "Scalar");
    public static readonly Operator NormDim = new("norm", "ScalarOpt_dim");
    public static readonly Operator Prod = new("prod");
    public static readonly Operator ProdDim = new("prod", "dim_int");
    public static readonly Operator Softmax = new("softmax", "int");
    public static readonly Operator Sort = new("sort", "stable");
    public static readonly Operator Std = new("std", "correction");
    public static readonly Operator Sum = new("sum");
    public static readonly Operator SumDim = new("sum", "dim_IntList");
    public static readonly Operator Topk = new("topk");
    public static readonly Operator Var = new("var", "correction");
}
