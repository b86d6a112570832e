namespace Vae.Benchmarks;

/// <summary>What any trainer of some layers has to do at least, at one way of sharing it among threads.</summary>
internal interface IStepFloor : IDisposable
{
    /// <summary>The way, in words.</summary>
    string Name { get; }

    /// <summary>The work of so many steps.</summary>
    void Run(int steps);
}

/// <summary>
/// The matrix products of a training step and nothing else, by the same BLAS into the same memory again and again: forward, gradients with
/// respect to inputs and to weights. What any trainer of these layers has to do at least.
/// </summary>
internal sealed class StepFloor : IStepFloor
{
    private readonly IReadOnlyList<IDisposable> _tensors;
    private readonly Product[][] _products; // [worker][product]
    private readonly int _threadsInside;

    private StepFloor(IReadOnlyList<DenseLayer> layers, int workers, int threadsInside)
    {
        Name = workers > 1
            ? $"{workers} workers with one BLAS thread each"
            : threadsInside > 1 ? $"{threadsInside} BLAS threads" : "one thread";
        _threadsInside = threadsInside;
        using DisposeScope scope = NewDisposeScope();
        Layer[] tensors = Layer.Chain(layers);
        _products =
            [.. Enumerable.Range(0, workers).Select(worker => tensors.SelectMany(layer => layer.Products(worker, workers)).ToArray())];
        _tensors = [.. scope.DisposablesView];
        scope.Detach(_tensors);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The arrangements that may be the fastest on a machine with so many processors.</summary>
    public static IEnumerable<IStepFloor> Arrangements(IReadOnlyList<DenseLayer> layers, int processors)
    {
        yield return new StepFloor(layers, 1, 1);
        foreach (int threads in TunedPeer.ThreadCounts(processors).Where(threads => threads > 1))
        {
            yield return new StepFloor(layers, 1, threads);
            if (layers.All(layer => layer.Rows >= threads))
            {
                yield return new StepFloor(layers, threads, 1);
            }
        }
    }

    /// <inheritdoc/>
    public void Run(int steps)
    {
        if (_products.Length > 1)
        {
            Workers.ForEach(_products.Length, _products.Length, worker => Run(_products[worker], steps));
            return;
        }

        int before = get_num_threads();
        set_num_threads(_threadsInside);
        using (no_grad())
        {
            Run(_products[0], steps);
        }

        set_num_threads(before);
    }

    public void Dispose()
    {
        foreach (IDisposable tensor in _tensors)
        {
            tensor.Dispose();
        }
    }

    private static void Run(Product[] products, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            foreach (Product product in products)
            {
                product.Target.addmm_(product.Left, product.Right, beta: 0);
            }
        }
    }

    private sealed record Product(Tensor Target, Tensor Left, Tensor Right);

    /// <summary>The tensors of a layer; those between two layers are the same, so that the caches see what a step shows them.</summary>
    private sealed record Layer(DenseLayer Shape, Tensor Input, Tensor Output, Tensor OutputGradient, Tensor? InputGradient)
    {
        private readonly Tensor _weight = Values(Shape.Outputs, Shape.Inputs).div_(MathF.Sqrt(Shape.Inputs)); // [out, in]
        private readonly Tensor _weightGradient = Values(Shape.Outputs, Shape.Inputs);                        // [out, in]

        public static Layer[] Chain(IReadOnlyList<DenseLayer> shapes)
        {
            Layer[] layers = new Layer[shapes.Count];
            for (int i = 0; i < layers.Length; i++)
            {
                DenseLayer shape = shapes[i];
                Layer? before = i > 0 && layers[i - 1].Shape is { } last && last.Outputs == shape.Inputs && last.Rows == shape.Rows
                    ? layers[i - 1]
                    : null;
                layers[i] = new Layer(
                    shape,
                    before?.Output ?? Values(shape.Rows, shape.Inputs),
                    Values(shape.Rows, shape.Outputs),
                    Values(shape.Rows, shape.Outputs),
                    before?.OutputGradient ?? (shape.NeedsInputGradient ? Values(shape.Rows, shape.Inputs) : null));
            }

            return layers;
        }

        /// <summary>A worker's share: its rows of the batch, and its rows of the weight's gradient over the whole batch.</summary>
        public IEnumerable<Product> Products(int worker, int workers)
        {
            (long first, long count) = Share(Shape.Rows, worker, workers);
            yield return new Product(Output.narrow(0, first, count), Input.narrow(0, first, count), _weight.t());
            Tensor gradient = OutputGradient.narrow(0, first, count);
            if (InputGradient is not null)
            {
                yield return new Product(InputGradient.narrow(0, first, count), gradient, _weight);
            }

            (first, count) = Share(Shape.Outputs, worker, workers);
            yield return new Product(_weightGradient.narrow(0, first, count), OutputGradient.narrow(1, first, count).t(), Input);
        }

        private static (long First, long Count) Share(int all, int worker, int workers)
        {
            long first = (long)all * worker / workers;
            return (first, ((long)all * (worker + 1) / workers) - first);
        }

        private static Tensor Values(int rows, int columns) =>
            Noise.Normal(new RandomStream(1, RandomPurpose.EvaluationNoise), 0, 0, CPU, rows, columns);
    }
}
