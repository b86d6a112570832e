using Vae.Benchmarks;

Options options = new(args);
switch (args.FirstOrDefault())
{
    case "evaluation":
        EvaluationBenchmark.Run(options);
        return 0;
    default:
        Console.Error.WriteLine("usage: vae-bench evaluation [--images N] [--samples K] [--rounds N] [--workers N] [--chunk ROWS]");
        return 64;
}
