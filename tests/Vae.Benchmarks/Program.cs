using Vae.Benchmarks;
using Vae.Benchmarks.PlainTorchSharp;
using Vae.Core;

if (args is [PlainPeer.Argument])
{
    return PlainPeer.Run();
}

try
{
    return Conductor.Run(BenchOptions.Parse(args));
}
catch (VaeException problem)
{
    Console.Error.WriteLine($"vae-bench: {problem.Message}");
    return problem.Kind == FailureKind.Usage ? 64 : 69;
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine($"vae-bench: {problem.Message}");
    Console.Error.WriteLine(BenchOptions.Usage);
    return 64;
}
