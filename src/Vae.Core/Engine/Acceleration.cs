namespace Vae.Core.Engine;

/// <summary>
/// What libtorch can do and TorchSharp does not offer. It lies in an assembly of its own (src/Shims/Acceleration), which stands beside the
/// program where that is built on the shim; with the package it is not there, and these do nothing.
/// </summary>
public static class Acceleration
{
    private const string Home = "Vae.Shims.Acceleration";

    /// <summary>CUDA graphs.</summary>
    public static IStepGraphs Graphs { get; } = Find<IStepGraphs>("CudaStepGraphs") ?? new NoStepGraphs();

    /// <summary>Automatic casts to bfloat16.</summary>
    public static IAutocast Autocast { get; } = Find<IAutocast>("LibTorchAutocast") ?? new NoAutocast();

    private static T? Find<T>(string name)
        where T : class =>
        Type.GetType($"{Home}.{name}, {Home}", throwOnError: false) is { } type ? (T)Activator.CreateInstance(type)! : null;
}
