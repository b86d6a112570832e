using Vae.Benchmarks;

try
{
    return Conductor.Run(BenchOptions.Parse(args));
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine($"vae-bench: {problem.Message}");
    Console.Error.WriteLine(BenchOptions.Usage);
    return 64;
}
