namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// A dense layer with all it needs of memory: the products with its weights, its values, and the gradients of both, which in a last layer
/// share one place. A row holds one example; threads work on rows of their own, and for the weights' gradients on columns of their own.
/// </summary>
internal sealed class LayerBuffers(DenseShape shape, FlatParameters parameters, TensorBuffer<float> input, int rows, bool isLast)
    : IDisposable
{
    private readonly FlatParameters _parameters = parameters;
    private readonly int _weightOffset = parameters.Offset(shape.Weights[0]);
    private readonly int _biasOffset = parameters.Offset(shape.Biases[0]);
    private readonly ActivationKernel? _activation = shape.IsGated || isLast ? null : ActivationKernel.For(shape.Activation);
    private readonly bool _gated = shape.IsGated;
    private readonly TensorBuffer<float> _products = new(rows, shape.Width); // [N, Width]; of a gated or last layer, then the gradient
    private readonly TensorBuffer<float>? _gates = shape.IsGated ? new(rows, shape.Outputs) : null; // a gated layer's values
    private readonly TensorBuffer<float>? _gradient = isLast ? null : new(rows, shape.Outputs);  // of values, then products, [N, Outputs]
    private readonly Tensor _weight = Matrix(parameters.Values, parameters, shape);                 // [Width, Inputs]
    private readonly Tensor _weightGradient = Matrix(parameters.Gradients, parameters, shape);      // [Width, Inputs]

    public int Inputs { get; } = shape.Inputs;          // numbers in a row of input
    public int Width { get; } = shape.Width;            // rows of the weights: the numbers in a row of products
    public int Outputs { get; } = shape.Outputs;        // numbers in a row of values
    public TensorBuffer<float> Input { get; } = input;  // the values of the layer before, [N, Inputs]

    /// <summary>The values, [N, Outputs]; of a last layer the bare products, to be replaced by their gradient.</summary>
    public TensorBuffer<float> Values => _gates ?? _products;

    /// <summary>The gradient with respect to the products, once the backward pass has been here, [N, Width].</summary>
    public TensorBuffer<float> ProductGradient => _gated || _gradient is null ? _products : _gradient;

    /// <summary>Where the layer after puts the gradient with respect to the values, [N, Outputs].</summary>
    public TensorBuffer<float> ValueGradient => _gradient ?? _products;

    /// <summary>[Width].</summary>
    public ReadOnlySpan<float> Bias => _parameters.Values.Slice(_biasOffset, Width);

    // [Width, Inputs]
    private ReadOnlySpan<float> Weights => _parameters.Values.Slice(_weightOffset, Width * Inputs);

    public void Dispose() =>
        Array.ForEach<IDisposable?>([_products, _gates, _gradient, _weight, _weightGradient], part => part?.Dispose());

    private static Tensor Matrix(TensorBuffer<float> buffer, FlatParameters parameters, DenseShape shape)
    {
        using Tensor flat = buffer.Tensor.narrow(0, parameters.Offset(shape.Weights[0]), (long)shape.Width * shape.Inputs);
        return flat.view(shape.Width, shape.Inputs).DetachFromDisposeScope();
    }

    /// <summary>The layer on some rows. The gradient with respect to the input, [N, Inputs], is null where it is not wanted.</summary>
    internal sealed class Rows(LayerBuffers layer, int start, int end, TensorBuffer<float>? inputGradient) : IDisposable
    {
        private readonly int _count = end - start;
        private readonly Tensor _input = layer.Input.Rows(start, end);
        private readonly Tensor _products = layer._products.Rows(start, end);
        private readonly Tensor _transposed = layer._weight.t().DetachFromDisposeScope(); // [Inputs, Width]
        private readonly Tensor _productGradient = layer.ProductGradient.Rows(start, end);
        private readonly Tensor? _inputGradient = inputGradient?.Rows(start, end);
        private readonly bool _byKernel = ProductKernel.IsFaster(end - start, layer.Inputs);

        /// <summary>The values of these rows; of a last layer the bare products.</summary>
        public void Forward()
        {
            if (_count == 0)
            {
                return;
            }

            if (_byKernel)
            {
                ProductKernel.Forward(Span(layer.Input, layer.Inputs), layer.Weights, layer.Inputs, Span(layer._products, layer.Width));
            }
            else
            {
                _products.addmm_(_input, _transposed, beta: 0);
            }

            if (layer._gated)
            {
                GateKernel.Forward(Span(layer._products, layer.Width), layer.Bias, Span(layer.Values, layer.Outputs));
            }
            else
            {
                layer._activation?.Forward(Span(layer._products, layer.Width), layer.Bias);
            }
        }

        /// <summary>From the gradient with respect to the values to those with respect to products and input.</summary>
        public void Backward()
        {
            if (_count == 0)
            {
                return;
            }

            if (layer._gated)
            {
                GateKernel.Backward(Span(layer._gradient!, layer.Outputs), Span(layer._products, layer.Width), layer.Outputs);
            }
            else
            {
                layer._activation?.Backward(Span(layer._gradient!, layer.Outputs), Span(layer.Values, layer.Outputs));
            }

            if (inputGradient is null)
            {
                return;
            }

            if (_byKernel)
            {
                Span<float> gradient = Span(layer.ProductGradient, layer.Width);
                ProductKernel.Combine(gradient, layer.Width, 1, layer.Weights, layer.Inputs, Span(inputGradient, layer.Inputs));
            }
            else
            {
                _inputGradient!.addmm_(_productGradient, layer._weight, beta: 0);
            }
        }

        public void Dispose() =>
            Array.ForEach([_input, _products, _transposed, _productGradient, _inputGradient], part => part?.Dispose());

        private Span<float> Span(TensorBuffer<float> buffer, int width) => buffer.Slice(start * width, _count * width);
    }

    /// <summary>The rows of the weight that a thread is in charge of.</summary>
    internal sealed class WeightShare : IDisposable
    {
        private const int TileLength = 32_768; // numbers that stay in a core's second cache

        private readonly LayerBuffers _layer;
        private readonly int _rows;
        private readonly int _firstUnit;
        private readonly int _units;
        private readonly Tensor _transposedGradient;   // [units, N]
        private readonly Tensor _input;                // [N, Inputs]
        private readonly Tensor _weightGradient;       // [units, Inputs]
        private readonly float[]? _tile;               // the gradient of a few units before their update; null where a library multiplies

        // N rows from the first on have a part in the gradient.
        public WeightShare(LayerBuffers layer, int rows, int worker, int workers)
        {
            _layer = layer;
            _rows = rows;
            (_firstUnit, int lastUnit) = WorkerTeam.Share(worker, workers, layer.Width, Vectors.Width);
            _units = lastUnit - _firstUnit;
            using Tensor gradients = layer.ProductGradient.Tensor.narrow(0, 0, rows);
            using Tensor columns = gradients.narrow(1, _firstUnit, _units);
            _transposedGradient = columns.t().DetachFromDisposeScope();
            _input = layer.Input.Rows(0, rows);
            _weightGradient = layer._weightGradient.narrow(0, _firstUnit, _units).DetachFromDisposeScope();
            if (ProductKernel.IsFaster(rows, layer.Inputs))
            {
                int unitsAtOnce = Math.Max(1, TileLength / (ProductKernel.BlockRows * layer.Inputs)) * ProductKernel.BlockRows;
                _tile = new float[unitsAtOnce * layer.Inputs];
            }
        }

        /// <summary>The piece of the flat parameters with the share's weights.</summary>
        public (int Start, int Length) Weights => (_layer._weightOffset + (_firstUnit * _layer.Inputs), _units * _layer.Inputs);

        /// <summary>The piece of the flat parameters with the share's biases.</summary>
        public (int Start, int Length) Biases => (_layer._biasOffset + _firstUnit, _units);

        /// <summary>The gradients of the weights and biases of the share, over all rows.</summary>
        /// <param name="update">Updates them, perhaps a few units at a time, whose gradients are then kept nowhere; null for not.</param>
        public void SumGradients(FlatOptimizer? update)
        {
            if (_units == 0)
            {
                return;
            }

            (int start, int length) = Weights;
            for (int done = 0; _tile is not null && update is not null && done < length; done += _tile.Length)
            {
                Span<float> gradients = _tile.AsSpan(0, Math.Min(_tile.Length, length - done));
                Multiply(_firstUnit + (done / _layer.Inputs), gradients);
                update.Update(start + done, gradients, 1);
            }

            if (_tile is null)
            {
                _weightGradient.addmm_(_transposedGradient, _input, beta: 0);
                update?.Update(start, length, 1);
            }
            else if (update is null)
            {
                Multiply(_firstUnit, _layer._parameters.Gradients.Slice(start, length));
            }

            SumBiasGradient();
            update?.Update(Biases.Start, Biases.Length, 1);
        }

        public void Dispose() => Array.ForEach([_transposedGradient, _input, _weightGradient], part => part.Dispose());

        // The gradients of consecutive units: every row of the input, weighed by the unit's gradients.
        private void Multiply(int unit, Span<float> gradients)
        {
            int width = _layer.Width;
            ReadOnlySpan<float> weights = _layer.ProductGradient.Slice(unit, (_rows * width) - unit);
            ProductKernel.Combine(weights, 1, width, _layer.Input.Slice(0, _rows * _layer.Inputs), _layer.Inputs, gradients);
        }

        private void SumBiasGradient()
        {
            Span<float> bias = _layer._parameters.Gradients.Slice(_layer._biasOffset + _firstUnit, _units);
            bias.Clear();
            for (int row = 0; row < _rows; row++)
            {
                Vectors.Add(_layer.ProductGradient.Slice((row * _layer.Width) + _firstUnit, _units), bias);
            }
        }
    }
}
