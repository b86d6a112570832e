using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Op.Abs.Call(this);

        public Tensor abs_() => Apply(Op.AbsInPlace);

        public Tensor neg() => Op.Neg.Call(this);

        public Tensor neg_() => Apply(Op.NegInPlace);

        public Tensor exp() => Op.Exp.Call(this);

        public Tensor exp_() => Apply(Op.ExpInPlace);

        public Tensor expm1() => Op.Expm1.Call(this);

        public Tensor expm1_() => Apply(Op.Expm1InPlace);

        public Tensor log() => Op.Log.Call(this);

        public Tensor log_() => Apply(Op.LogInPlace);

        public Tensor log1p() => Op.Log1p.Call(this);

        public Tensor log1p_() => Apply(Op.Log1pInPlace);

        public Tensor log2() => Op.Log2.Call(this);

        public Tensor log2_() => Apply(Op.Log2InPlace);

        public Tensor log10() => Op.Log10.Call(this);

        public Tensor log10_() => Apply(Op.Log10InPlace);

        public Tensor sqrt() => Op.Sqrt.Call(this);

        public Tensor sqrt_() => Apply(Op.SqrtInPlace);

        public Tensor rsqrt() => Op.Rsqrt.Call(this);

        public Tensor rsqrt_() => Apply(Op.RsqrtInPlace);

        public Tensor square() => Op.Square.Call(this);

        public Tensor reciprocal() => Op.Reciprocal.Call(this);

        public Tensor reciprocal_() => Apply(Op.ReciprocalInPlace);

        public Tensor sign() => Op.Sign.Call(this);

        public Tensor sign_() => Apply(Op.SignInPlace);

        public Tensor floor() => Op.Floor.Call(this);

        public Tensor floor_() => Apply(Op.FloorInPlace);

        public Tensor ceil() => Op.Ceil.Call(this);

        public Tensor ceil_() => Apply(Op.CeilInPlace);

        public Tensor trunc() => Op.Trunc.Call(this);

        public Tensor trunc_() => Apply(Op.TruncInPlace);

        public Tensor sin() => Op.Sin.Call(this);

        public Tensor sin_() => Apply(Op.SinInPlace);

        public Tensor cos() => Op.Cos.Call(this);

        public Tensor cos_() => Apply(Op.CosInPlace);

        public Tensor tan() => Op.Tan.Call(this);

        public Tensor tan_() => Apply(Op.TanInPlace);

        public Tensor tanh() => Op.Tanh.Call(this);

        public Tensor tanh_() => Apply(Op.TanhInPlace);

        public Tensor sinh() => Op.Sinh.Call(this);

        public Tensor sinh_() => Apply(Op.SinhInPlace);

        public Tensor cosh() => Op.Cosh.Call(this);

        public Tensor cosh_() => Apply(Op.CoshInPlace);

        public Tensor atan() => Op.Atan.Call(this);

        public Tensor atan_() => Apply(Op.AtanInPlace);

        public Tensor asin() => Op.Asin.Call(this);

        public Tensor asin_() => Apply(Op.AsinInPlace);

        public Tensor acos() => Op.Acos.Call(this);

        public Tensor acos_() => Apply(Op.AcosInPlace);

        public Tensor sigmoid() => Op.Sigmoid.Call(this);

        public Tensor sigmoid_() => Apply(Op.SigmoidInPlace);

        public Tensor relu() => Op.Relu.Call(this);

        public Tensor relu_() => Apply(Op.ReluInPlace);

        public Tensor erf() => Op.Erf.Call(this);

        public Tensor erf_() => Apply(Op.ErfInPlace);

        public Tensor erfc() => Op.Erfc.Call(this);

        public Tensor erfc_() => Apply(Op.ErfcInPlace);

        public Tensor erfinv() => Op.Erfinv.Call(this);

        public Tensor erfinv_() => Apply(Op.ErfinvInPlace);

        public Tensor lgamma() => Op.Lgamma.Call(this);

        public Tensor lgamma_() => Apply(Op.LgammaInPlace);

        public Tensor digamma() => Op.Digamma.Call(this);

        public Tensor digamma_() => Apply(Op.DigammaInPlace);

        public Tensor isnan() => Op.Isnan.Call(this);

        public Tensor isinf() => Op.Isinf.Call(this);

        public Tensor isfinite() => Op.Isfinite.Call(this);

        public Tensor logical_not() => Op.LogicalNot.Call(this);

        public Tensor logical_not_() => Apply(Op.LogicalNotInPlace);
    }
}
