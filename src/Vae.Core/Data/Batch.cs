namespace Vae.Core.Data;

/// <summary>What is known of the images of a batch beside their pixels.</summary>
/// <param name="Categories">Classes, [B, C] int64; −1 where one is not known.</param>
/// <param name="Values">Numbers, [B, A] float32; NaN where one is not known.</param>
public sealed record Condition(Tensor Categories, Tensor Values);

/// <summary>Some images as tensors: what the encoder sees and what the likelihood scores, kept apart.</summary>
/// <param name="Input">The encoder's input, [B, P] float32.</param>
/// <param name="Target">The likelihood's target, [B, P] float32; the input's memory where it is the same.</param>
/// <param name="Indices">Which images these are, by their index in the published part: the key of their random draws, [B].</param>
public sealed record Batch(Tensor Input, Tensor Target, int[] Indices)
{
    /// <summary>What is known of the images; null where their source knows nothing.</summary>
    public Condition? Condition { get; init; }

    /// <summary>1 where a pixel counts and 0 where it is missing, [B, P]; null where the source has none missing.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>B.</summary>
    public int Count => Indices.Length;

    /// <summary>Some of the images.</summary>
    public Batch Narrow(int start, int count) => new(Input.narrow(0, start, count), Target.narrow(0, start, count), Indices[start..(start + count)])
    {
        Condition = Condition is { } all ? new(all.Categories.narrow(0, start, count), all.Values.narrow(0, start, count)) : null,
        Mask = Mask?.narrow(0, start, count),
    };

    /// <summary>The same with pixels of another type.</summary>
    public Batch To(ScalarType type) => this with { Input = Input.to_type(type), Target = Target.to_type(type) };
}
