using Vae.Benchmarks;
using Vae.Core;

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
