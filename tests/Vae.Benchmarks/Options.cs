using System.Globalization;

namespace Vae.Benchmarks;

/// <summary>Numbers after `--name` on the command line.</summary>
internal sealed class Options(string[] arguments)
{
    public int Integer(string name, int otherwise)
    {
        int place = Array.IndexOf(arguments, name);
        if (place < 0)
        {
            return otherwise;
        }

        string text = place + 1 < arguments.Length ? arguments[place + 1] : string.Empty;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new ArgumentException($"{name} takes a positive whole number, not '{text}'");
    }
}
