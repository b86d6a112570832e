namespace Vae.Core.Tests.Fuzzing;

public class MutatorTests
{
    private static readonly byte[] File = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];

    [Fact]
    public void The_same_seed_damages_alike_and_another_seed_otherwise()
    {
        byte[][] first = Enumerable.Repeat(new Mutator(1, "word"), 50).Select(mutator => mutator.Mutate(File)).ToArray();
        byte[][] again = Enumerable.Repeat(new Mutator(1, "word"), 50).Select(mutator => mutator.Mutate(File)).ToArray();
        byte[][] other = Enumerable.Repeat(new Mutator(2, "word"), 50).Select(mutator => mutator.Mutate(File)).ToArray();

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Most_copies_are_damaged_and_an_empty_file_is_bearable()
    {
        Mutator mutator = new Mutator(3, "word");

        int same = Enumerable.Range(0, 500).Count(_ => mutator.Mutate(File).SequenceEqual(File));

        Assert.InRange(same, 0, 100);
        Assert.Contains(Enumerable.Range(0, 100).Select(_ => mutator.Mutate([])), copy => copy.Length > 0);
    }
}
