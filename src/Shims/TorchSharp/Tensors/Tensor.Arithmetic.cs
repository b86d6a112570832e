using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Op.AddTensor.Call(this, target);

        public Tensor add(Tensor target, Scalar alpha) => Op.AddTensor.Call(this, target, alpha);

        public Tensor add(Scalar scalar) => Op.AddScalar.Call(this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Op.AddScalar.Call(this, scalar, alpha);

        public Tensor add_(Tensor target) => Apply(Op.AddTensorInPlace, target);

        public Tensor add_(Tensor target, Scalar alpha) => Apply(Op.AddTensorInPlace, target, alpha);

        public Tensor add_(Scalar scalar) => Apply(Op.AddScalarInPlace, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => Apply(Op.AddScalarInPlace, scalar, alpha);

        public Tensor sub(Tensor target) => Op.SubTensor.Call(this, target);

        public Tensor sub(Scalar target) => Op.SubScalar.Call(this, target);

        public Tensor sub_(Tensor target) => Apply(Op.SubTensorInPlace, target);

        public Tensor sub_(Scalar target) => Apply(Op.SubScalarInPlace, target);

        public Tensor mul(Tensor target) => Op.MulTensor.Call(this, target);

        public Tensor mul(Scalar target) => Op.MulScalar.Call(this, target);

        public Tensor mul_(Tensor target) => Apply(Op.MulTensorInPlace, target);

        public Tensor mul_(Scalar target) => Apply(Op.MulScalarInPlace, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Op.DivTensor.Call(this, target) : Op.DivTensorMode.Call(this, target, Name(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Op.DivScalar.Call(this, target) : Op.DivScalarMode.Call(this, target, Name(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Apply(Op.DivTensorModeInPlace, target, Name(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Apply(Op.DivScalarModeInPlace, target, Name(rounding_mode));

        public Tensor remainder(Tensor target) => Op.RemainderTensor.Call(this, target);

        public Tensor remainder(Scalar scalar) => Op.RemainderScalar.Call(this, scalar);

        public Tensor pow(Tensor exponent) => Op.PowTensor.Call(this, exponent);

        public Tensor pow(Scalar exponent) => Op.PowScalar.Call(this, exponent);

        public Tensor pow_(Tensor exponent) => Apply(Op.PowTensorInPlace, exponent);

        public Tensor pow_(Scalar exponent) => Apply(Op.PowScalarInPlace, exponent);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Apply(Op.AddcmulInPlace, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Op.Addcdiv.Call(this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Apply(Op.AddcdivInPlace, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Apply(Op.AddcdivInPlace, tensor1, tensor2);

        public Tensor lerp(Tensor end, Tensor weight) => Op.Lerp.Call(this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Apply(Op.LerpInPlace, end, weight);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Op.Clamp.Call(this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Op.ClampTensor.Call(this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Apply(Op.ClampInPlace, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Apply(Op.ClampTensorInPlace, min, max);

        public Tensor clamp_min(Scalar min) => Op.ClampMin.Call(this, min);

        public Tensor clamp_max(Scalar max) => Op.ClampMax.Call(this, max);

        public Tensor round(long decimals = 0) => Op.RoundDecimals.Call(this, decimals);

        public Tensor round_(long decimals = 0) => Apply(Op.RoundDecimalsInPlace, decimals);

        public Tensor log_sigmoid() => Op.LogSigmoid.Call(this);

        public Tensor softplus(double beta = 1, double threshold = 20) => Op.Softplus.Call(this, beta, threshold);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Op.Softmax.Call(this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Op.LogSoftmax.Call(this, dim, dtype);

        public Tensor xlogy(Tensor y) => Op.XlogyTensor.Call(this, y);

        public Tensor where(Tensor condition, Tensor y) => Op.Where.Call(condition, this, y);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            Op.NanToNum.Call(this, nan, posinf, neginf);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Op.Isclose.Call(this, other, rtol, atol, nanEqual);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Op.Allclose.CallForBool(this, target, rtol, atol, equal_nan);

        public Tensor mm(Tensor target) => Op.Mm.Call(this, target);

        public Tensor bmm(Tensor batch2) => Op.Bmm.Call(this, batch2);

        public Tensor mv(Tensor target) => Op.Mv.Call(this, target);

        public Tensor dot(Tensor target) => Op.Dot.Call(this, target);

        public Tensor matmul(Tensor target) => Op.Matmul.Call(this, target);

        public Tensor outer(Tensor vec2) => Op.Outer.Call(this, vec2);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Op.Addmm.Call(this, mat1, mat2, (double)beta, (double)alpha);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Apply(Op.AddmmInPlace, mat1, mat2, (double)beta, (double)alpha);

        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) =>
            Apply(Op.AddmvInPlace, mat, vec, (double)beta, (double)alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Op.Baddbmm.Call(this, batch1, batch2, (double)beta, (double)alpha);

        private static string? Name(RoundingMode mode) => mode switch
        {
            RoundingMode.trunc => "trunc",
            RoundingMode.floor => "floor",
            _ => null,
        };

        // An operator that writes to this tensor gives this same object back, as the package does.
        private Tensor Apply(Operator op)
        {
            op.Run(this);
            return this;
        }

        private Tensor Apply(Operator op, Argument a)
        {
            op.Run(this, a);
            return this;
        }

        private Tensor Apply(Operator op, Argument a, Argument b)
        {
            op.Run(this, a, b);
            return this;
        }

        private Tensor Apply(Operator op, Argument a, Argument b, Argument c)
        {
            op.Run(this, a, b, c);
            return this;
        }

        private Tensor Apply(Operator op, Argument a, Argument b, Argument c, Argument d)
        {
            op.Run(this, a, b, c, d);
            return this;
        }
    }
}
