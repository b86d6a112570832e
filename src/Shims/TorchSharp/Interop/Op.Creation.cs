namespace TorchSharp.Interop;

// Operators that make tensors of constants, counts or random numbers.
internal static partial class Op
{
    public static readonly Operator Arange = new("arange", "start_step");
    public static readonly Operator Bernoulli = new("bernoulli");
    public static readonly Operator BernoulliFloatInPlace = new("bernoulli_", "float");
    public static readonly Operator BernoulliTensorInPlace = new("bernoulli_", "Tensor");
    public static readonly Operator Empty = new("empty", "memory_format");
    public static readonly Operator EmptyLike = new("empty_like");
    public static readonly Operator ExponentialInPlace = new("exponential_");
    public static readonly Operator Eye = new("eye", "m");
    public static readonly Operator Full = new("full");
    public static readonly Operator FullLike = new("full_like");
    public static readonly Operator Linspace = new("linspace");
    public static readonly Operator Multinomial = new("multinomial");
    public static readonly Operator NormalInPlace = new("normal_");
    public static readonly Operator NormalSize = new("normal", "float_float");
    public static readonly Operator NormalTensors = new("normal", "Tensor_Tensor");
    public static readonly Operator Ones = new("ones");
    public static readonly Operator OnesLike = new("ones_like");
    public static readonly Operator Rand = new("rand", "generator");
    public static readonly Operator RandLike = new("rand_like");
    public static readonly Operator Randint = new("randint", "low_generator");
    public static readonly Operator Randn = new("randn", "generator");
    public static readonly Operator RandnLike = new("randn_like");
    public static readonly Operator RandomInPlace = new("random_", "from");
    public static readonly Operator Randperm = new("randperm", "generator");
    public static readonly Operator ScalarTensor = new("scalar_tensor");
    public static readonly Operator UniformInPlace = new("uniform_");
    public static readonly Operator Zeros = new("zeros");
    public static readonly Operator ZerosLike = new("zeros_like");
}
