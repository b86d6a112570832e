namespace Vae.Core.Data;

/// <summary>
/// What is known of the images of a batch beside their pixels. Few models read it, so its tensors are made when they are read, each time
/// anew, and belong to the dispose scope of the reader.
/// </summary>
public sealed class Condition(Func<Tensor> categories, Func<Tensor> values)
{
    /// <summary>Classes, [B, C] int64; −1 where one is not known.</summary>
    public Tensor Categories => categories();

    /// <summary>Numbers, [B, A] float32; NaN where one is not known.</summary>
    public Tensor Values => values();

    /// <summary>Of some of the images.</summary>
    public Condition Narrow(int start, int count) =>
        new(() => Categories.narrow(0, start, count), () => Values.narrow(0, start, count));
}

/// <summary>Some images as tensors: what the encoder sees and what the likelihood scores, kept apart.</summary>
/// <param name="Input">The encoder's input, [B, P] float32.</param>
/// <param name="Target">The likelihood's target, [B, P] float32; the input's memory where it is the same.</param>
/// <param name="Indices">Which images these are, by their index in the published part: the key of their random draws, [B].</param>
internal sealed record Batch(Tensor Input, Tensor Target, int[] Indices)
{
    /// <summary>What is known of the images; null where their source knows nothing.</summary>
    public Condition? Condition { get; init; }

    /// <summary>1 where a pixel counts and 0 where it is missing, [B, P]; null where the source has none missing.</summary>
    public Tensor? Mask { get; init; }

    public int Count => Indices.Length;

    /// <summary>Some of the images.</summary>
    public Batch Narrow(int start, int count) =>
        new(Input.narrow(0, start, count), Target.narrow(0, start, count), Indices[start..(start + count)])
        {
            Condition = Condition?.Narrow(start, count),
            Mask = Mask?.narrow(0, start, count),
        };

    /// <summary>The same with pixels of another type.</summary>
    public Batch To(ScalarType type) => this with { Input = Input.to_type(type), Target = Target.to_type(type) };
}

/// <summary>Turns images of a set into tensors on a device, binarizing them on the way.</summary>
internal sealed class BatchLoader(ImageSet images, PixelTransform transform, Device device)
{
    public ImageSet Images => images;

    public PixelTransform Transform => transform;

    /// <summary>Whether the target is the input, so that one memory does for both.</summary>
    public bool TargetIsInput => transform.Dequantization is null;

    /// <summary>One image into memory of the caller's; takes none of its own.</summary>
    /// <param name="index">Which image.</param>
    /// <param name="epoch">The epoch whose draws binarize it; 0 for evaluation.</param>
    /// <param name="input">What the encoder sees, [P].</param>
    /// <param name="target">What the likelihood scores, [P]; the input's memory where <see cref="TargetIsInput"/>.</param>
    /// <returns>The image's index in the published part: the key of its random draws.</returns>
    public int LoadRow(int index, int epoch, Span<float> input, Span<float> target)
    {
        int published = images.PublishedIndex(index);
        transform.Apply(images.Image(index), epoch, published, input, target);
        return published;
    }

    /// <summary>The batch of the given images. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="indices">Which images.</param>
    /// <param name="epoch">The epoch whose draws binarize them; 0 for evaluation.</param>
    public Batch Load(ReadOnlySpan<int> indices, int epoch)
    {
        int pixels = images.Shape.PixelCount;
        int[] rows = indices.ToArray();
        Tensor input = empty(rows.Length, pixels, ScalarType.Float32);
        Tensor target = TargetIsInput ? input : empty(rows.Length, pixels, ScalarType.Float32);
        Span<float> inputs = TensorMemory.Of<float>(input);
        Span<float> targets = TensorMemory.Of<float>(target);
        int[] published = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            published[i] = LoadRow(rows[i], epoch, inputs.Slice(i * pixels, pixels), targets.Slice(i * pixels, pixels));
        }

        Tensor there = input.to(device);
        return new Batch(there, TargetIsInput ? there : target.to(device), published)
        {
            Condition = images.ConditionOf(rows, device),
        };
    }
}

/// <summary>The order in which an epoch visits the images: a pure function of (seed, epoch, count).</summary>
internal static class BatchOrder
{
    /// <summary>A random permutation of 0 … count−1 [N], each as likely as the others.</summary>
    public static int[] Permutation(ulong seed, long epoch, int count)
    {
        int[] order = new int[count];
        Permute(seed, epoch, order);
        return order;
    }

    /// <summary>The same into memory of the caller's [N]: an epoch's order is large, and taken anew each time it would pile up.</summary>
    public static void Permute(ulong seed, long epoch, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        RandomSequence random = new RandomStream(seed, RandomPurpose.BatchOrder).Sequence(epoch, 0);
        for (int last = order.Length - 1; last > 0; last--)
        {
            int other = random.NextBelow(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
    }

    /// <summary>0 … count−1 in their order [N], for evaluation.</summary>
    public static int[] Sequential(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>Batches of a size that so many images make; the last one may be smaller and is kept.</summary>
    public static int BatchCount(int count, int batchSize) => (int)(((long)count + batchSize - 1) / batchSize);
}
