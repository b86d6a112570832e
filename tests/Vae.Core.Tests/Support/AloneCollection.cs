namespace Vae.Core.Tests.Support;

/// <summary>Tests that measure what belongs to the whole process, such as the number of tensors; no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
