using System.CommandLine;

namespace Vae.Cli.Tests;

/// <summary>What one invocation of the program came to.</summary>
internal sealed record Invocation(int Code, string Out, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the program's real commands within the test process.</summary>
internal static class InProcess
{
    public static Invocation Run(params string[] args)
    {
        using StringWriter output = new StringWriter { NewLine = "\n" };
        using StringWriter error = new StringWriter { NewLine = "\n" };
        int code = Program.Run(args, new Terminal(output, error, Animated: false));
        return new Invocation(code, output.ToString(), error.ToString());
    }

    public static ParseResult Parse(Verb verb, params string[] args)
    {
        ParseResult parsed = verb.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        Assert.Empty(parsed.Errors);
        return parsed;
    }

    public static Terminal NoTerminal { get; } = new(TextWriter.Null, TextWriter.Null, Animated: false);
}
