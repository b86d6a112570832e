namespace Vae.Core.Networks;

/// <summary>
/// The matrix products of a dense layer on few rows, straight from memory. A library made for large matrices first copies the weights into
/// an order of its own, which takes longer than the product when there are only the rows of a small batch.
/// </summary>
/// <remarks>
/// A block is five rows by four vectors of sums, all kept in registers: nine loads for twenty multiplications with additions. A block at an
/// edge is moved back or repeats the last row, so that it is whole: what is worked out twice is the same both times. The rows' sums have
/// names one by one since the compiler keeps neither arrays nor structures of more than four vectors in registers.
/// </remarks>
internal static unsafe class ProductKernel
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRows = 5;

    private const int MostRows = 128;    // a library is as fast from here on
    private const int MostInputs = 1024; // five rows of these stay in a core's first cache
    private const int BlockWidth = 4 * Vectors.Width;

    /// <summary>Whether this is faster than a library: on processors with vectors of 512 bits and registers for a block.</summary>
    /// <param name="rows">N.</param>
    /// <param name="inputs">Numbers in a row of the weights.</param>
    public static bool IsFaster(int rows, int inputs) => Vector512.IsHardwareAccelerated && Takes(rows, inputs);

    /// <summary>Whether the shape is one that this is made for.</summary>
    /// <param name="rows">N.</param>
    /// <param name="inputs">Numbers in a row of the weights.</param>
    public static bool Takes(int rows, int inputs) => rows is > 0 and <= MostRows && inputs is >= Vectors.Width and <= MostInputs;

    /// <summary>X·Wᵀ: each row with each unit's weights.</summary>
    /// <param name="x">[N, inputs].</param>
    /// <param name="weights">[units, inputs].</param>
    /// <param name="inputs">16 at least.</param>
    /// <param name="products">[N, units].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, int inputs, Span<float> products)
    {
        int rows = x.Length / inputs;
        int units = weights.Length / inputs;
        Require(inputs >= Vectors.Width && products.Length == (long)rows * units);
        int whole = inputs / Vectors.Width * Vectors.Width;
        int end = inputs - Vectors.Width; // where the last vector begins; the part of it that was there before is left out
        Vector512<float> rest = Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(whole - end)).AsSingle();
        fixed (float* firstX = x, firstWeight = weights, firstProduct = products)
        {
            for (int unit = 0; unit < units; unit += 4)
            {
                float* w0 = firstWeight + ((long)unit * inputs);
                float* w1 = firstWeight + ((long)Math.Min(unit + 1, units - 1) * inputs);
                float* w2 = firstWeight + ((long)Math.Min(unit + 2, units - 1) * inputs);
                float* w3 = firstWeight + ((long)Math.Min(unit + 3, units - 1) * inputs);
                int count = Math.Min(4, units - unit);
                for (int row = 0; row < rows; row += BlockRows)
                {
                    float* x0 = firstX + ((long)row * inputs);
                    float* x1 = firstX + ((long)Math.Min(row + 1, rows - 1) * inputs);
                    float* x2 = firstX + ((long)Math.Min(row + 2, rows - 1) * inputs);
                    float* x3 = firstX + ((long)Math.Min(row + 3, rows - 1) * inputs);
                    float* x4 = firstX + ((long)Math.Min(row + 4, rows - 1) * inputs);
                    Four a = default, b = default, c = default, d = default, e = default;
                    for (int k = 0; k < whole; k += Vectors.Width)
                    {
                        Four v = Four.Load(w0 + k, w1 + k, w2 + k, w3 + k);
                        a.Add(Vector512.Load(x0 + k), v);
                        b.Add(Vector512.Load(x1 + k), v);
                        c.Add(Vector512.Load(x2 + k), v);
                        d.Add(Vector512.Load(x3 + k), v);
                        e.Add(Vector512.Load(x4 + k), v);
                    }

                    // The same once more on the last numbers: a mask within the loop made all of it a tenth to a third slower.
                    if (whole < inputs)
                    {
                        Four v = Four.Load(w0 + end, w1 + end, w2 + end, w3 + end) & rest;
                        a.Add(Vector512.Load(x0 + end), v);
                        b.Add(Vector512.Load(x1 + end), v);
                        c.Add(Vector512.Load(x2 + end), v);
                        d.Add(Vector512.Load(x3 + end), v);
                        e.Add(Vector512.Load(x4 + end), v);
                    }

                    // The last rows first: what repeats one is written over.
                    e.StoreTotals(firstProduct + ((long)Math.Min(row + 4, rows - 1) * units) + unit, count);
                    d.StoreTotals(firstProduct + ((long)Math.Min(row + 3, rows - 1) * units) + unit, count);
                    c.StoreTotals(firstProduct + ((long)Math.Min(row + 2, rows - 1) * units) + unit, count);
                    b.StoreTotals(firstProduct + ((long)Math.Min(row + 1, rows - 1) * units) + unit, count);
                    a.StoreTotals(firstProduct + ((long)row * units) + unit, count);
                }
            }
        }
    }

    /// <summary>Sums of rows: Σᵢ fᵢ·tᵢ for each row of factors.</summary>
    /// <param name="factors">f: that of row r and term i at r·<paramref name="rowStep"/> + i·<paramref name="termStep"/>.</param>
    /// <param name="rowStep">From a row's factor to the next row's.</param>
    /// <param name="termStep">From a term's factor to the next term's.</param>
    /// <param name="terms">t, [terms, width].</param>
    /// <param name="width">16 at least.</param>
    /// <param name="sums">[rows, width].</param>
    public static void Combine(
        ReadOnlySpan<float> factors, int rowStep, int termStep, ReadOnlySpan<float> terms, int width, Span<float> sums)
    {
        int rows = sums.Length / width;
        int count = terms.Length / width;
        Require(width >= Vectors.Width && ((rows - 1L) * rowStep) + ((count - 1L) * termStep) < factors.Length);
        fixed (float* firstFactor = factors, firstTerm = terms, firstSum = sums)
        {
            if (width >= BlockWidth)
            {
                CombineWide(firstFactor, rowStep, termStep, rows, firstTerm, count, width, firstSum);
            }
            else
            {
                CombineNarrow(firstFactor, rowStep, termStep, rows, firstTerm, count, width, firstSum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineWide(float* factors, int rowStep, int termStep, int rows, float* terms, int count, int width, float* sums)
    {
        for (int start = 0; start < width; start += BlockWidth)
        {
            int column = Math.Min(start, width - BlockWidth);
            for (int row = 0; row < rows; row += BlockRows)
            {
                float* f0 = factors + ((long)row * rowStep);
                float* f1 = factors + ((long)Math.Min(row + 1, rows - 1) * rowStep);
                float* f2 = factors + ((long)Math.Min(row + 2, rows - 1) * rowStep);
                float* f3 = factors + ((long)Math.Min(row + 3, rows - 1) * rowStep);
                float* f4 = factors + ((long)Math.Min(row + 4, rows - 1) * rowStep);
                Four a = default, b = default, c = default, d = default, e = default;
                float* term = terms + column;
                for (long i = 0; i < (long)count * termStep; i += termStep, term += width)
                {
                    Four t = Four.Load(term, term + Vectors.Width, term + (2 * Vectors.Width), term + (3 * Vectors.Width));
                    a.Add(Vector512.Create(f0[i]), t);
                    b.Add(Vector512.Create(f1[i]), t);
                    c.Add(Vector512.Create(f2[i]), t);
                    d.Add(Vector512.Create(f3[i]), t);
                    e.Add(Vector512.Create(f4[i]), t);
                }

                // The last rows first: what repeats one is written over.
                e.Store(sums + ((long)Math.Min(row + 4, rows - 1) * width) + column);
                d.Store(sums + ((long)Math.Min(row + 3, rows - 1) * width) + column);
                c.Store(sums + ((long)Math.Min(row + 2, rows - 1) * width) + column);
                b.Store(sums + ((long)Math.Min(row + 1, rows - 1) * width) + column);
                a.Store(sums + ((long)row * width) + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineNarrow(float* factors, int rowStep, int termStep, int rows, float* terms, int count, int width, float* sums)
    {
        for (int start = 0; start < width; start += Vectors.Width)
        {
            int column = Math.Min(start, width - Vectors.Width);
            for (int row = 0; row < rows; row += BlockRows)
            {
                float* f0 = factors + ((long)row * rowStep);
                float* f1 = factors + ((long)Math.Min(row + 1, rows - 1) * rowStep);
                float* f2 = factors + ((long)Math.Min(row + 2, rows - 1) * rowStep);
                float* f3 = factors + ((long)Math.Min(row + 3, rows - 1) * rowStep);
                float* f4 = factors + ((long)Math.Min(row + 4, rows - 1) * rowStep);
                Vector512<float> a = default, b = default, c = default, d = default, e = default;
                float* term = terms + column;
                for (long i = 0; i < (long)count * termStep; i += termStep, term += width)
                {
                    Vector512<float> t = Vector512.Load(term);
                    a = Vector512.FusedMultiplyAdd(Vector512.Create(f0[i]), t, a);
                    b = Vector512.FusedMultiplyAdd(Vector512.Create(f1[i]), t, b);
                    c = Vector512.FusedMultiplyAdd(Vector512.Create(f2[i]), t, c);
                    d = Vector512.FusedMultiplyAdd(Vector512.Create(f3[i]), t, d);
                    e = Vector512.FusedMultiplyAdd(Vector512.Create(f4[i]), t, e);
                }

                e.Store(sums + ((long)Math.Min(row + 4, rows - 1) * width) + column);
                d.Store(sums + ((long)Math.Min(row + 3, rows - 1) * width) + column);
                c.Store(sums + ((long)Math.Min(row + 2, rows - 1) * width) + column);
                b.Store(sums + ((long)Math.Min(row + 1, rows - 1) * width) + column);
                a.Store(sums + ((long)row * width) + column);
            }
        }
    }

    private static void Require(bool shapesFit)
    {
        if (!shapesFit)
        {
            throw new ArgumentException("The shapes do not fit each other.");
        }
    }

    // As many vectors as the compiler takes for locals of their own.
    private struct Four
    {
        private Vector512<float> _a, _b, _c, _d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load(float* a, float* b, float* c, float* d) =>
            new() { _a = Vector512.Load(a), _b = Vector512.Load(b), _c = Vector512.Load(c), _d = Vector512.Load(d) };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four operator &(Four left, Vector512<float> right) =>
            new() { _a = left._a & right, _b = left._b & right, _c = left._c & right, _d = left._d & right };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<float> factor, Four terms)
        {
            _a = Vector512.FusedMultiplyAdd(factor, terms._a, _a);
            _b = Vector512.FusedMultiplyAdd(factor, terms._b, _b);
            _c = Vector512.FusedMultiplyAdd(factor, terms._c, _c);
            _d = Vector512.FusedMultiplyAdd(factor, terms._d, _d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(float* place)
        {
            _a.Store(place);
            _b.Store(place + Vectors.Width);
            _c.Store(place + (2 * Vectors.Width));
            _d.Store(place + (3 * Vectors.Width));
        }

        // The totals of the vectors, side by side.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void StoreTotals(float* totals, int count)
        {
            // A quarter of a vector for each, then the four numbers of all quarters added up at once.
            Vector512<float> quarters = Vector512.Create(
                Vector256.Create(Quarter(_a), Quarter(_b)), Vector256.Create(Quarter(_c), Quarter(_d)));
            quarters += Vector512.Shuffle(quarters, Vector512.Create(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
            quarters += Vector512.Shuffle(quarters, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
            Vector128<float> four =
                Vector512.Shuffle(quarters, Vector512.Create(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).GetLower().GetLower();
            if (count == 4)
            {
                four.Store(totals);
                return;
            }

            for (int i = 0; i < count; i++)
            {
                totals[i] = four[i];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<float> Quarter(Vector512<float> vector)
        {
            Vector256<float> half = vector.GetLower() + vector.GetUpper();
            return half.GetLower() + half.GetUpper();
        }
    }
}
