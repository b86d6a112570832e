using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static class linalg
    {
        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        public static Tensor cholesky(Tensor input) => Op.LinalgCholesky.Call(input);

        public static Tensor det(Tensor input) => Op.LinalgDet.Call(input);

        public static (Tensor, Tensor) slogdet(Tensor input) => Op.LinalgSlogdet.CallForTwo(input);

        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Op.LinalgEigh.CallForTwo(input, UPLO.ToString());

        public static Tensor inv(Tensor input) => Op.LinalgInv.Call(input);

        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Op.LinalgSolve.Call(A, B, left);

        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            Op.LinalgQr.CallForTwo(input, mode switch { QRMode.Complete => "complete", QRMode.R => "r", _ => "reduced" });

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) =>
            Op.LinalgSvd.CallForThree(input, fullMatrices);

        public static Tensor svdvals(Tensor input) => Op.LinalgSvdvals.Call(input);

        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) =>
            Op.LinalgNormName.Call(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Op.LinalgNorm.Call(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) =>
            Op.LinalgNorm.Call(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) =>
            Op.LinalgNorm.Call(input, Argument.None, dims, keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2.0, long[]? dims = null, bool keepdim = false) =>
            Op.LinalgVectorNorm.Call(input, ord, dims, keepdim);
    }
}
