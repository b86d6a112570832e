using Vae.Core.Engine;

namespace Vae.Core.Data;

/// <summary>What is known of images beside their pixels.</summary>
/// <param name="Categories">Classes, [B, C] int64; −1 where one is missing.</param>
/// <param name="Values">Numbers such as generating factors, [B, A] float32; NaN where one is missing.</param>
public sealed record Condition(Tensor Categories, Tensor Values);

/// <summary>
/// Some images as tensors: what the encoder sees and what the likelihood scores, kept apart, and what is known of them beside. What few
/// models ask for is made when it is first asked for, and belongs to the dispose scope of that place.
/// </summary>
/// <param name="input">The encoder's input, [B, P] float32.</param>
/// <param name="target">The likelihood's target, [B, P] float32; the input's memory where it is the same.</param>
/// <param name="indices">Gives the images' indices in the published part, [B].</param>
/// <param name="condition">Gives what is known of the images.</param>
public sealed class Batch(Tensor input, Tensor target, Func<int[]> indices, Func<Condition?> condition)
{
    /// <summary>The encoder's input, [B, P] float32.</summary>
    public Tensor Input => input;

    /// <summary>The likelihood's target, [B, P] float32; the input's memory where it is the same.</summary>
    public Tensor Target => target;

    /// <summary>Which of P are observed, [B, P] float32 of zeros and ones; null where all are.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>Labels and generating factors; null where neither is known.</summary>
    public Condition? Condition => field ??= condition();

    /// <summary>
    /// Which images these are, by their index in the published part: the key of their random draws, [B]. Where the order of images is on a
    /// device, reading it waits for that.
    /// </summary>
    public int[] Indices => field ??= indices();
}

/// <summary>Turns images of a set into tensors on a device, binarizing them on the way.</summary>
/// <param name="images">The set.</param>
/// <param name="transform">How pixels become input and target.</param>
/// <param name="device">Where the tensors go.</param>
public sealed class BatchLoader(ImageSet images, PixelTransform transform, Device device)
{
    /// <summary>The set.</summary>
    public ImageSet Images => images;

    /// <summary>How pixels become input and target.</summary>
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
        for (int i = 0; i < rows.Length; i++)
        {
            LoadRow(rows[i], epoch, inputs.Slice(i * pixels, pixels), targets.Slice(i * pixels, pixels));
        }

        Tensor there = input.to(device);
        return new Batch(
            there,
            TargetIsInput ? there : target.to(device),
            () => Array.ConvertAll(rows, images.PublishedIndex),
            () => images.ConditionOf(rows, device));
    }
}
