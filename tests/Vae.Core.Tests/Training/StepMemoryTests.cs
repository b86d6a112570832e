namespace Vae.Core.Tests.Training;

[Collection(AloneCollection.Name)] // tensors and garbage are counted in the whole process
public class StepMemoryTests
{
    private const int WarmUp = 20;
    private const int Steps = 200;
    private const int Trials = 10; // what threads of the runtime or of earlier tests take meanwhile is not in all of them
    private const double MostBytesPerStep = 20;
    private const double MostBytesForComponents = 400; // products in float64 by the library, which wraps its arguments
    private static readonly int[] Batch = [.. Enumerable.Range(0, 9)];

    [Theory]
    [InlineData("standard_normal", "elbo", 1)]
    [InlineData("standard_normal", "elbo", 2)]
    [InlineData("standard_normal", "iwae", 2)]
    [InlineData("vamp", "elbo", 2)]
    public void A_step_of_dense_layers_takes_no_memory_and_leaves_no_tensor(string prior, string objective, int workers)
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(
            $$"""
            { "data": { "source": "digits", "binarization": "dynamic" },
                "model": { "latent": 6, "prior": "{{prior}}",
                  "encoder": { "kind": "gated_mlp", "hidden": [20, 18] }, "decoder": { "hidden": [18] } },
              "objective": "{{objective}}",
              "train": { "batch_size": 9 } }
            """,
            "a test");
        using StepSubject subject = new(configuration);
        Assert.IsType<DenseExecutor>(subject.Step.Executor);
        subject.Step.Workers = workers;
        Run(WarmUp);

        long tensors = Tensor.TotalCount;
        double perStep = double.PositiveInfinity;
        for (int trial = 0; trial < Trials; trial++)
        {
            long bytes = GC.GetTotalAllocatedBytes(precise: true);
            Run(Steps);
            perStep = Math.Min(perStep, (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / Steps);
        }

        Assert.True(perStep < (prior == "standard_normal" ? MostBytesPerStep : MostBytesForComponents), $"{perStep} bytes a step");
        Assert.Equal(tensors, Tensor.TotalCount);

        void Run(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                subject.Step.Run(Batch, epoch: 1, step);
            }
        }
    }
}
