namespace TorchSharp.Interop;

// Operators of layers and losses.
internal static partial class Op
{
    public static readonly Operator AvgPool2d = new("avg_pool2d");
    public static readonly Operator BatchNorm = new("batch_norm");
    public static readonly Operator BinaryCrossEntropy = new("binary_cross_entropy");
    public static readonly Operator BinaryCrossEntropyWithLogits = new("binary_cross_entropy_with_logits");
    public static readonly Operator Conv2d = new("conv2d");
    public static readonly Operator Conv2dPadding = new("conv2d", "padding");
    public static readonly Operator ConvTranspose2d = new("conv_transpose2d", "input");
    public static readonly Operator Dropout = new("dropout");
    public static readonly Operator DropoutInPlace = new("dropout_");
    public static readonly Operator Elu = new("elu");
    public static readonly Operator EluInPlace = new("elu_");
    public static readonly Operator Gelu = new("gelu");
    public static readonly Operator GeluInPlace = new("gelu_");
    public static readonly Operator GroupNorm = new("group_norm");
    public static readonly Operator LayerNorm = new("layer_norm");
    public static readonly Operator LeakyRelu = new("leaky_relu");
    public static readonly Operator LeakyReluInPlace = new("leaky_relu_");
    public static readonly Operator Linear = new("linear");
    public static readonly Operator MseLoss = new("mse_loss");
    public static readonly Operator OneHot = new("one_hot");
    public static readonly Operator Pad = new("pad");
    public static readonly Operator Silu = new("silu");
    public static readonly Operator SiluInPlace = new("silu_");
    public static readonly Operator UpsampleBicubic2d = new("upsample_bicubic2d", "vec");
    public static readonly Operator UpsampleBilinear2d = new("upsample_bilinear2d", "vec");
    public static readonly Operator UpsampleLinear1d = new("upsample_linear1d", "vec");
    public static readonly Operator UpsampleNearest1d = new("upsample_nearest1d", "vec");
    public static readonly Operator UpsampleNearest2d = new("upsample_nearest2d", "vec");
    public static readonly Operator UpsampleNearest3d = new("upsample_nearest3d", "vec");
    public static readonly Operator UpsampleTrilinear3d = new("upsample_trilinear3d", "vec");
}
