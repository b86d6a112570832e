namespace TorchSharp.Interop;

// Products, factorizations and norms.
internal static partial class Op
{
    public static readonly Operator Addmm = new("addmm");
    public static readonly Operator AddmmInPlace = new("addmm_");
    public static readonly Operator AddmvInPlace = new("addmv_");
    public static readonly Operator Baddbmm = new("baddbmm");
    public static readonly Operator Bmm = new("bmm");
    public static readonly Operator Dot = new("dot");
    public static readonly Operator Einsum = new("einsum");
    public static readonly Operator LinalgCholesky = new("linalg_cholesky");
    public static readonly Operator LinalgDet = new("linalg_det");
    public static readonly Operator LinalgEigh = new("linalg_eigh");
    public static readonly Operator LinalgInv = new("linalg_inv");
    public static readonly Operator LinalgNorm = new("linalg_norm");
    public static readonly Operator LinalgNormName = new("linalg_norm", "ord_str");
    public static readonly Operator LinalgQr = new("linalg_qr");
    public static readonly Operator LinalgSlogdet = new("linalg_slogdet");
    public static readonly Operator LinalgSolve = new("linalg_solve");
    public static readonly Operator LinalgSvd = new("linalg_svd");
    public static readonly Operator LinalgSvdvals = new("linalg_svdvals");
    public static readonly Operator LinalgVectorNorm = new("linalg_vector_norm");
    public static readonly Operator Matmul = new("matmul");
    public static readonly Operator Mm = new("mm");
    public static readonly Operator Mv = new("mv");
    public static readonly Operator Outer = new("outer");
}
