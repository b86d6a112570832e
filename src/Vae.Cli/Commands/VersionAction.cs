using System.CommandLine;
using System.CommandLine.Invocation;
using Vae.Core;

namespace Vae.Cli.Commands;

/// <summary>`vae --version`: one line, with no tensor library loaded.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"{VaeCommand.Name} {ToolVersion.Current}");
        return ExitCode.Done;
    }
}
