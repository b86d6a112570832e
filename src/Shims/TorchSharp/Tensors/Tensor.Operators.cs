using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => Op.AddTensor.Call(left, right);

        public static Tensor operator +(Tensor left, Scalar right) => Op.AddScalar.Call(left, right);

        public static Tensor operator +(Scalar left, Tensor right) => Op.AddScalar.Call(right, left);

        public static Tensor operator +(Tensor left, int right) => Op.AddScalar.Call(left, right);

        public static Tensor operator +(Tensor left, long right) => Op.AddScalar.Call(left, right);

        public static Tensor operator +(Tensor left, float right) => Op.AddScalar.Call(left, right);

        public static Tensor operator +(Tensor left, double right) => Op.AddScalar.Call(left, right);

        public static Tensor operator +(int left, Tensor right) => Op.AddScalar.Call(right, left);

        public static Tensor operator +(long left, Tensor right) => Op.AddScalar.Call(right, left);

        public static Tensor operator +(float left, Tensor right) => Op.AddScalar.Call(right, left);

        public static Tensor operator +(double left, Tensor right) => Op.AddScalar.Call(right, left);

        public static Tensor operator -(Tensor left, Tensor right) => Op.SubTensor.Call(left, right);

        public static Tensor operator -(Tensor left, Scalar right) => Op.SubScalar.Call(left, right);

        public static Tensor operator -(Scalar left, Tensor right) => Op.RsubScalar.Call(right, left);

        public static Tensor operator -(Tensor left, int right) => Op.SubScalar.Call(left, right);

        public static Tensor operator -(Tensor left, long right) => Op.SubScalar.Call(left, right);

        public static Tensor operator -(Tensor left, float right) => Op.SubScalar.Call(left, right);

        public static Tensor operator -(Tensor left, double right) => Op.SubScalar.Call(left, right);

        public static Tensor operator -(int left, Tensor right) => Op.RsubScalar.Call(right, left);

        public static Tensor operator -(long left, Tensor right) => Op.RsubScalar.Call(right, left);

        public static Tensor operator -(float left, Tensor right) => Op.RsubScalar.Call(right, left);

        public static Tensor operator -(double left, Tensor right) => Op.RsubScalar.Call(right, left);

        public static Tensor operator *(Tensor left, Tensor right) => Op.MulTensor.Call(left, right);

        public static Tensor operator *(Tensor left, Scalar right) => Op.MulScalar.Call(left, right);

        public static Tensor operator *(Scalar left, Tensor right) => Op.MulScalar.Call(right, left);

        public static Tensor operator *(Tensor left, int right) => Op.MulScalar.Call(left, right);

        public static Tensor operator *(Tensor left, long right) => Op.MulScalar.Call(left, right);

        public static Tensor operator *(Tensor left, float right) => Op.MulScalar.Call(left, right);

        public static Tensor operator *(Tensor left, double right) => Op.MulScalar.Call(left, right);

        public static Tensor operator *(int left, Tensor right) => Op.MulScalar.Call(right, left);

        public static Tensor operator *(long left, Tensor right) => Op.MulScalar.Call(right, left);

        public static Tensor operator *(float left, Tensor right) => Op.MulScalar.Call(right, left);

        public static Tensor operator *(double left, Tensor right) => Op.MulScalar.Call(right, left);

        public static Tensor operator /(Tensor left, Tensor right) => Op.DivTensor.Call(left, right);

        public static Tensor operator /(Tensor left, Scalar right) => Op.DivScalar.Call(left, right);

        public static Tensor operator /(Scalar left, Tensor right) => Over(left, right);

        public static Tensor operator /(Tensor left, int right) => Op.DivScalar.Call(left, right);

        public static Tensor operator /(Tensor left, long right) => Op.DivScalar.Call(left, right);

        public static Tensor operator /(Tensor left, float right) => Op.DivScalar.Call(left, right);

        public static Tensor operator /(Tensor left, double right) => Op.DivScalar.Call(left, right);

        public static Tensor operator /(int left, Tensor right) => Over(left, right);

        public static Tensor operator /(long left, Tensor right) => Over(left, right);

        public static Tensor operator /(float left, Tensor right) => Over(left, right);

        public static Tensor operator /(double left, Tensor right) => Over(left, right);

        public static Tensor operator %(Tensor left, Tensor right) => Op.RemainderTensor.Call(left, right);

        public static Tensor operator %(Tensor left, Scalar right) => Op.RemainderScalar.Call(left, right);

        public static Tensor operator %(Tensor left, int right) => Op.RemainderScalar.Call(left, right);

        public static Tensor operator %(Tensor left, long right) => Op.RemainderScalar.Call(left, right);

        public static Tensor operator %(Tensor left, float right) => Op.RemainderScalar.Call(left, right);

        public static Tensor operator %(Tensor left, double right) => Op.RemainderScalar.Call(left, right);

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);

        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);

        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);

        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);

        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);

        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        public static Tensor operator &(Tensor left, Tensor right) => Op.BitwiseAndTensor.Call(left, right);

        public static Tensor operator |(Tensor left, Tensor right) => Op.BitwiseOrTensor.Call(left, right);

        public static Tensor operator ^(Tensor left, Tensor right) => Op.BitwiseXorTensor.Call(left, right);

        public static Tensor operator ~(Tensor left) => Op.BitwiseNot.Call(left);

        private static Tensor Over(Scalar left, Tensor right)
        {
            using var reciprocal = right.reciprocal();
            return Op.MulScalar.Call(reciprocal, left);
        }
    }
}
