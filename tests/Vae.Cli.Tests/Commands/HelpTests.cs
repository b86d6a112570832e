using System.CommandLine;
using System.Globalization;
using System.Reflection;

namespace Vae.Cli.Tests.Commands;

public class HelpTests
{
    private static string[] Names { get; } = [.. VaeCommand.Create(InProcess.NoTerminal).Subcommands.Select(verb => verb.Name)];

    public static TheoryData<string> Verbs { get; } = [.. Names];

    [Fact]
    public void Without_a_verb_the_help_is_shown()
    {
        Invocation bare = InProcess.Run();
        Assert.Equal(ExitCode.Done, bare.Code);
        Assert.Equal(InProcess.Run("--help"), bare);
        Assert.Equal("", bare.Error);
    }

    [Fact]
    public void The_programs_help_names_every_verb()
    {
        string help = InProcess.Run("--help").Out;
        Assert.All(Names, verb => Assert.Contains($"\n  {verb} ", help, StringComparison.Ordinal));
    }

    [Fact]
    public void The_programs_help_names_every_exit_code()
    {
        string[] words = InProcess.Run("--help").Out.Split([' ', '\n']);
        IEnumerable<int> codes = typeof(ExitCode)
            .GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(field => field.IsLiteral)
            .Select(field => (int)field.GetRawConstantValue()!);
        Assert.All(codes, code => Assert.Contains(code.ToString(CultureInfo.InvariantCulture), words));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void The_help_of_a_verb_describes_each_option_and_gives_examples(string verb)
    {
        Invocation help = InProcess.Run(verb, "--help");
        Assert.Equal(ExitCode.Done, help.Code);
        Assert.Equal("", help.Error);
        Command command = VaeCommand.Create(InProcess.NoTerminal).Subcommands.Single(candidate => candidate.Name == verb);
        Assert.All(command.Options, option =>
        {
            Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{option.Name} has no description");
            Assert.Contains(option.Name, help.Out, StringComparison.Ordinal);
        });
        Assert.Contains($"\n  vae {verb} ", help.Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_example_in_the_help_can_be_parsed(string verb)
    {
        Command root = VaeCommand.Create(InProcess.NoTerminal);
        string[] examples = [.. InProcess.Run(verb, "-h").Out.Split('\n')
            .Where(line => line.StartsWith($"  vae {verb} -", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(root.Parse(example.Trim()["vae ".Length..]).Errors));
    }

    [Fact]
    public void The_help_of_train_and_the_page_on_checkpoints_name_the_keys_that_may_change_on_resume()
    {
        string help = InProcess.Run("train", "--help").Out;
        string keys = help.Split('\n').SkipWhile(line => !line.Contains("When a run is resumed", StringComparison.Ordinal)).Skip(1).First();
        Assert.Equal(VaeConfiguration.KeysThatMayChangeOnResume, keys.Trim().Split(", "));

        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "checkpoints.md"));
        string sentence = page.Split('\n')
            .Single(line => line.Contains("may be other than before", StringComparison.Ordinal))
            .Split("may be other than before")[1];
        Assert.Equal(VaeConfiguration.KeysThatMayChangeOnResume, sentence.Split('`').Where((_, i) => i % 2 == 1));
    }

    [Fact]
    public void Threads_share_the_work_of_train_and_eval_elbo_and_are_inside_operators_elsewhere()
    {
        Assert.Contains("Threads that share a step", InProcess.Run("train", "--help").Out, StringComparison.Ordinal);
        Assert.Contains("Threads that evaluate images of their own", InProcess.Run("eval-elbo", "--help").Out, StringComparison.Ordinal);
        Assert.Contains("Threads inside tensor operators", InProcess.Run("sample", "--help").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("reconstruct")]
    [InlineData("interpolate")]
    [InlineData("traverse")]
    public void The_largest_picture_is_told(string verb)
    {
        string help = string.Join(' ', InProcess.Run(verb, "--help").Out.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"a .png has at most {ImageGrid.MostPixels / 1_000_000} million pixels", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_shown_whatever_else_is_wrong_on_the_line()
    {
        Invocation help = InProcess.Run("train", "--seed", "many", "--help");
        Assert.Equal(ExitCode.Done, help.Code);
        Assert.Contains("--config", help.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_of_help_is_wider_than_a_page()
    {
        string[] lines = [.. Names.Prepend("--help").SelectMany(word => InProcess.Run(word, "-h").Out.Split('\n'))];
        Assert.All(lines, line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public void The_version_is_one_line_on_standard_output()
    {
        Invocation version = InProcess.Run("--version");
        Assert.Equal(ExitCode.Done, version.Code);
        Assert.Matches(@"^vae \d+\.\d+\.\d+\S*\n$", version.Out);
        Assert.Equal("", version.Error);
    }
}
