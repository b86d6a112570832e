using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Op.EqTensor.Call(this, target);

        public Tensor eq(Scalar target) => Op.EqScalar.Call(this, target);

        public Tensor eq_(Tensor target) => Apply(Op.EqInPlaceTensor, target);

        public Tensor eq_(Scalar target) => Apply(Op.EqInPlaceScalar, target);

        public Tensor ne(Tensor target) => Op.NeTensor.Call(this, target);

        public Tensor ne(Scalar target) => Op.NeScalar.Call(this, target);

        public Tensor ne_(Tensor target) => Apply(Op.NeInPlaceTensor, target);

        public Tensor ne_(Scalar target) => Apply(Op.NeInPlaceScalar, target);

        public Tensor lt(Tensor target) => Op.LtTensor.Call(this, target);

        public Tensor lt(Scalar target) => Op.LtScalar.Call(this, target);

        public Tensor lt_(Tensor target) => Apply(Op.LtInPlaceTensor, target);

        public Tensor lt_(Scalar target) => Apply(Op.LtInPlaceScalar, target);

        public Tensor le(Tensor target) => Op.LeTensor.Call(this, target);

        public Tensor le(Scalar target) => Op.LeScalar.Call(this, target);

        public Tensor le_(Tensor target) => Apply(Op.LeInPlaceTensor, target);

        public Tensor le_(Scalar target) => Apply(Op.LeInPlaceScalar, target);

        public Tensor gt(Tensor target) => Op.GtTensor.Call(this, target);

        public Tensor gt(Scalar target) => Op.GtScalar.Call(this, target);

        public Tensor gt_(Tensor target) => Apply(Op.GtInPlaceTensor, target);

        public Tensor gt_(Scalar target) => Apply(Op.GtInPlaceScalar, target);

        public Tensor ge(Tensor target) => Op.GeTensor.Call(this, target);

        public Tensor ge(Scalar target) => Op.GeScalar.Call(this, target);

        public Tensor ge_(Tensor target) => Apply(Op.GeInPlaceTensor, target);

        public Tensor ge_(Scalar target) => Apply(Op.GeInPlaceScalar, target);

        public Tensor maximum(Tensor other) => Op.Maximum.Call(this, other);

        public Tensor minimum(Tensor other) => Op.Minimum.Call(this, other);

        public Tensor logaddexp(Tensor other) => Op.Logaddexp.Call(this, other);

        public Tensor atan2(Tensor other) => Op.Atan2.Call(this, other);

        public Tensor atan2_(Tensor other) => Apply(Op.Atan2InPlace, other);

        public Tensor hypot(Tensor other) => Op.Hypot.Call(this, other);

        public Tensor fmax(Tensor other) => Op.Fmax.Call(this, other);

        public Tensor fmin(Tensor other) => Op.Fmin.Call(this, other);

        public Tensor logical_and(Tensor other) => Op.LogicalAnd.Call(this, other);

        public Tensor logical_and_(Tensor other) => Apply(Op.LogicalAndInPlace, other);

        public Tensor logical_or(Tensor other) => Op.LogicalOr.Call(this, other);

        public Tensor logical_or_(Tensor other) => Apply(Op.LogicalOrInPlace, other);

        public Tensor logical_xor(Tensor other) => Op.LogicalXor.Call(this, other);

        public Tensor logical_xor_(Tensor other) => Apply(Op.LogicalXorInPlace, other);
    }
}
