namespace Vae.Cli.Commands;

/// <summary>A value of an option that takes one of some words; it shows as the word that is typed.</summary>
internal readonly record struct Choice<T>(string Word, T Value)
{
    public override string ToString() => Word;
}
