namespace Vae.Core.Training.Executors;

/// <summary>Chooses how updates are computed: the one place that knows which executor is for which model.</summary>
internal static class ExecutorChoice
{
    /// <summary>The step with the fastest executor that a model, its objective and its images allow, with one thread.</summary>
    public static TrainStep Fastest(TrainingProblem problem, ComputeDevice device)
    {
        if (!device.IsCpu)
        {
            return ResidentImages.Fit(problem.Loader.Images, problem.Loader.Transform)
                ? Step(new DeviceExecutor(problem), "images kept on the device")
                : Step(new PlainExecutor(problem), "images that cannot be kept on the device");
        }

        if (DenseExecutor.WhyNot(problem).FirstOrDefault() is not { } notDense)
        {
            return Step(new DenseExecutor(problem), "dense layers");
        }

        return ReplicasExecutor.WhyNot(problem).FirstOrDefault() is { } notReplicas
            ? Step(new PlainExecutor(problem), $"{notDense}; {notReplicas}")
            : Step(new ReplicasExecutor(problem), notDense);

        TrainStep Step(Executor executor, string reason) => new(executor, problem.Train, reason);
    }
}
