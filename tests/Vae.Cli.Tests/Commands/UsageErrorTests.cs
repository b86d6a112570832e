namespace Vae.Cli.Tests.Commands;

public class UsageErrorTests
{
    private const string TooLong = "9223372036854775808";

    public static TheoryData<string, string[]> Malformed => new()
    {
        { "unknown verb 'paint'", ["paint"] },
        { "unknown verb 'trian'; did you mean 'train'?", ["trian"] },
        { "unknown option '--verison'; did you mean '--version'?", ["--verison"] },
        { "unknown option '--nonsense'", ["train", "--config", "a", "--nonsense"] },
        { "unknown option '--epoch'; did you mean '--epochs'?", ["train", "--config", "a", "--epoch", "3"] },
        { "unexpected argument 'mnist'", ["train", "--config", "a", "mnist"] },
        { "unexpected argument '@options'", ["train", "@options"] },
        { "option '--config FILE' or '--resume DIR' is required", ["train"] },
        { "options '--config' and '--resume' exclude each other", ["train", "--config", "a", "--resume", "b"] },
        { "options '--run' and '--resume' exclude each other", ["train", "--run", "a", "--resume", "b"] },
        { "option '--resume' expects a path, got ''", ["train", "--resume", ""] },
        { "option '--config' expects a value", ["train", "--config"] },
        { "option '--config' expects a path, got ''", ["train", "--config", ""] },
        { "option '--config' is given more than once", ["train", "--config", "a", "--config", "b"] },
        { "option '--set' expects KEY=VALUE, got 'latent'", ["train", "--config", "a", "--set", "latent"] },
        { "option '--set' expects KEY=VALUE, got '=3'", ["train", "--config", "a", "--set", "=3"] },
        { "option '--epochs' expects an integer of 1 to 1000000, got '0'", ["train", "--config", "a", "--epochs", "0"] },
        { "option '-e' expects an integer of 1 to 1000000, got '2.5'", ["train", "--config", "a", "-e", "2.5"] },
        { "option '--seed' expects an integer of 0 to 9223372036854775807, got 'x'", ["train", "--config", "a", "--seed", "x"] },
        { "option '--seed' expects an integer of 0 to 9223372036854775807, got '-1'", ["train", "--config", "a", "--seed", "-1"] },
        { "option '--seed' expects an integer of 0 to 9223372036854775807, got '" + TooLong, ["train", "--config", "a", "--seed", TooLong] },
        { "option '--seed' and '--set train.seed' say the same", ["train", "--config", "a", "--seed", "1", "--set", "train.seed=2"] },
        { "option '--epochs' and '--set train.epochs' say the same", ["train", "--config", "a", "--epochs", "1", "--set", "train.epochs=2"] },
        { "option '--run' expects a path, got ' '", ["train", "--config", "a", "--run", " "] },
        { "option '--device' expects auto, cpu, cuda or cuda:N, got 'gpu'", ["train", "--config", "a", "--device", "gpu"] },
        { "option '--device' expects auto, cpu, cuda or cuda:N, got 'cuda:'", ["train", "--config", "a", "--device", "cuda:"] },
        { "option '--threads' expects 'auto' or an integer of 1 to 1024, got '0'", ["train", "--config", "a", "--threads", "0"] },
        { "option '--threads' expects 'auto' or an integer of 1 to 1024, got 'all'", ["train", "--config", "a", "--threads", "all"] },
        { "option '--threads' expects 'auto' or an integer of 1 to 1024, got '1025'", ["train", "--config", "a", "--threads", "1025"] },
        { "option '--data' expects a path, got ''", ["train", "--config", "a", "--data", ""] },
        { "options '--verbose' and '--quiet' exclude each other", ["train", "--config", "a", "--verbose", "--quiet"] },
        { "option '-n' expects an integer of 1 to 100000, got '0'", ["sample", "-n", "0"] },
        { "option '--count' expects an integer of 1 to 100000, got 'many'", ["sample", "--count", "many"] },
        { "option '-n' expects an integer of 1 to 100000, got '100001'", ["sample", "-n", "100001"] },
        { "option '--out' expects a file that ends in .png or .npz, got 'grid.jpg'", ["sample", "--out", "grid.jpg"] },
        { "option '--out' expects a file that ends in .png or .npz, got '.png'", ["sample", "--out", ".png"] },
        { "option '--run' expects a path, got ''", ["sample", "--run", ""] },
        { "option '--checkpoint' expects a path, got ''", ["sample", "--checkpoint", ""] },
        { "option '--run' has no meaning beside a checkpoint file", ["sample", "--run", "a", "--checkpoint", "b.safetensors"] },
        { "option '--seed' expects an integer of 0 to 9223372036854775807, got '1e3'", ["sample", "--seed", "1e3"] },
        { "option '--temperature' expects a number of 0 to 100, got '-0.1'", ["sample", "--temperature", "-0.1"] },
        { "option '--temperature' expects a number of 0 to 100, got 'NaN'", ["sample", "--temperature", "NaN"] },
        { "option '--temperature' expects a number of 0 to 100, got 'Infinity'", ["sample", "--temperature", "Infinity"] },
        { "option '--temperature' expects a number of 0 to 100, got '0,5'", ["sample", "--temperature", "0,5"] },
        { "options '--mean' and '--draw' exclude each other", ["sample", "--mean", "--draw"] },
        { "option '--columns' expects an integer of 1 to 10000, got '0'", ["sample", "--columns", "0"] },
        { "option '--count' expects at most 10000 images for a picture", ["sample", "-n", "10001"] },
        { "option '--columns' has a meaning for a .png only", ["sample", "--out", "samples.npz", "--columns", "3"] },
        { "option '--threads' expects 'auto' or an integer of 1 to 1024, got '-1'", ["sample", "--threads", "-1"] },
        { "option '--device' expects auto, cpu, cuda or cuda:N, got 'tpu'", ["sample", "--device", "tpu"] },
        { "unknown option '--json'", ["sample", "--json"] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_wrong_command_line_is_refused_with_one_line_that_names_the_fault(string fault, string[] args)
    {
        Invocation refused = InProcess.Run(args);
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Equal("", refused.Out);
        string line = Assert.Single(refused.ErrorLines);
        Assert.Contains($": {fault}", line, StringComparison.Ordinal);
        string place = args is ["train" or "sample", ..] ? $"vae {args[0]}" : "vae";
        Assert.StartsWith($"{place}: ", line, StringComparison.Ordinal);
        Assert.EndsWith($" (see {place} --help)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_typed_cannot_steer_the_terminal()
    {
        Invocation refused = InProcess.Run("train", "--config", "a", "--seed", "\e[31m\n1");
        Assert.DoesNotContain('\e', refused.Error);
        Assert.Single(refused.ErrorLines);
    }

    [Fact]
    public void A_response_file_is_not_read()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("options.txt", "--help");
        Invocation refused = InProcess.Run("train", $"@{file}");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Equal("", refused.Out);
    }
}
