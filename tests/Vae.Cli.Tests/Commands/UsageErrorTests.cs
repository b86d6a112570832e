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
        {
            "option '--set model.latent' is given more than once",
            ["train", "--config", "a", "--set", "model.latent=3", "--set", "model.latent=3"]
        },
        {
            "option '--set model.latent' is given more than once",
            ["train", "--resume", "a", "-s", "model.latent=3", "--set", "model . latent =4"]
        },
        {
            "option '--set model.prior.kind' is given more than once",
            ["train", "--config", "a", "--set", "model.prior=vamp", "--set", "model.prior.kind=mixture"]
        },
        {
            "option '--set model.encoder' would undo '--set model.encoder.hidden' before it",
            ["train", "--config", "a", "--set", "model.encoder.hidden=[9]", "--set", "model.encoder=mlp"]
        },
        { "option '--epochs' expects an integer of 1 to 1000000, got '0'", ["train", "--config", "a", "--epochs", "0"] },
        { "option '-e' expects an integer of 1 to 1000000, got '2.5'", ["train", "--config", "a", "-e", "2.5"] },
        { "option '--seed' expects an integer of 0 to 9223372036854775807, got 'x'", ["train", "--config", "a", "--seed", "x"] },
        { "option '--seed' expects an integer of 0 to 9223372036854775807, got '-1'", ["train", "--config", "a", "--seed", "-1"] },
        {
            "option '--seed' expects an integer of 0 to 9223372036854775807, got '" + TooLong,
            ["train", "--config", "a", "--seed", TooLong]
        },
        { "option '--seed' and '--set train.seed' say the same", ["train", "--config", "a", "--seed", "1", "--set", "train.seed=2"] },
        {
            "option '--epochs' and '--set train.epochs' say the same",
            ["train", "--config", "a", "--epochs", "1", "--set", "train.epochs=2"]
        },
        { "option '--run' expects a path, got ' '", ["train", "--config", "a", "--run", " "] },
        { "option '--device' expects auto, cpu, cuda or cuda:N, got 'gpu'", ["train", "--config", "a", "--device", "gpu"] },
        { "option '--device' expects auto, cpu, cuda or cuda:N, got 'cuda:'", ["train", "--config", "a", "--device", "cuda:"] },
        { "option '--threads' expects 'auto' or an integer of 1 to 1024, got '0'", ["train", "--config", "a", "--threads", "0"] },
        { "option '--threads' expects 'auto' or an integer of 1 to 1024, got 'all'", ["train", "--config", "a", "--threads", "all"] },
        { "option '--threads' expects 'auto' or an integer of 1 to 1024, got '1025'", ["train", "--config", "a", "--threads", "1025"] },
        { "option '--data' expects a path, got ''", ["train", "--config", "a", "--data", ""] },
        { "options '--verbose' and '--quiet' exclude each other", ["train", "--config", "a", "--verbose", "--quiet"] },
        { "option '-n' expects an integer of 1 to 10000000, got '0'", ["sample", "-n", "0"] },
        { "option '--count' expects an integer of 1 to 10000000, got 'many'", ["sample", "--count", "many"] },
        { "option '-n' expects an integer of 1 to 10000000, got '10000001'", ["sample", "-n", "10000001"] },
        { "option '--out' expects a file that ends in .png or .npz, got 'grid.jpg'", ["sample", "--out", "grid.jpg"] },
        { "option '--out' expects a file that ends in .png or .npz, got '.png'", ["sample", "--out", ".png"] },
        { "option '--run' expects a path, got ''", ["sample", "--run", ""] },
        { "option '--checkpoint' expects a path, got ''", ["sample", "--checkpoint", ""] },
        {
            "option '--checkpoint' expects best, last or a file, got 'bset'; did you mean 'best'?",
            ["sample", "--checkpoint", "bset", "--run", "a"]
        },
        { "option '--checkpoint' expects best, last or a file, got 'Last'; did you mean 'last'?", ["eval-elbo", "--checkpoint", "Last"] },
        { "option '--checkpoint' expects best, last or a file, got 'newest' (see", ["fit-prior", "--checkpoint", "newest"] },
        { "option '--run' has no meaning beside a checkpoint file", ["sample", "--run", "a", "--checkpoint", "folder/bset"] },
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
        { "option '--split' expects train or validation or test, got 'Test'", ["encode", "--split", "Test"] },
        { "option '--input' expects a path, got ''", ["encode", "--input", ""] },
        { "options '--split' and '--input' exclude each other", ["encode", "--split", "test", "--input", "a.png"] },
        { "options '--input' and '--data' exclude each other", ["encode", "--input", "a.png", "--data", "b"] },
        { "option '--out' expects a file that ends in .npz or .csv, got 'a.png'", ["encode", "--out", "a.png"] },
        { "option '--run' has no meaning beside a checkpoint file", ["encode", "--run", "a", "--checkpoint", "b.safetensors"] },
        { "option '-n' expects an integer of 1 to 1000, got '0'", ["reconstruct", "-n", "0"] },
        { "option '-n' expects an integer of 1 to 1000, got '1001'", ["reconstruct", "-n", "1001"] },
        { "option '--start' expects an integer of 0 to 2147483647, got '-1'", ["reconstruct", "--start", "-1"] },
        { "option '--start' expects an integer of 0 to 2147483647, got '2147483648'", ["reconstruct", "--start", "2147483648"] },
        { "option '--columns' has a meaning for a .png only", ["reconstruct", "--out", "pairs.npz", "--columns", "3"] },
        { "options '--split' and '--input' exclude each other", ["reconstruct", "--split", "test", "--input", "a.png"] },
        { "give either '--from' and '--to', or '--prior'", ["interpolate"] },
        { "give either '--from' and '--to', or '--prior'", ["interpolate", "--from", "1", "--to", "2", "--prior"] },
        { "options '--from' and '--to' name 2 and 1 images", ["interpolate", "--from", "1", "2", "--to", "3"] },
        { "options '--from' and '--to' name 1 and 0 images", ["interpolate", "--from", "1"] },
        { "option '--from' expects the number or the path of an image, got '--to'", ["interpolate", "--from", "--to", "1"] },
        { "option '--from' expects the number or the path of an image, got ''", ["interpolate", "--from", "", "--to", "1"] },
        { "option '--from' expects the number of an image, 0 to 2147483647, got '-1'", ["interpolate", "--from", "-1", "--to", "1"] },
        {
            "option '--to' expects the number of an image, 0 to 2147483647, got '2147483648'",
            ["interpolate", "--from", "1", "--to", "2147483648"]
        },
        { "option '--prior' expects an integer of 1 to 1000, got '0'", ["interpolate", "--prior", "0"] },
        { "option '--prior' expects an integer of 1 to 1000, got '1001'", ["interpolate", "--prior", "1001"] },
        { "option '--seed' has a meaning beside '--prior' only", ["interpolate", "--from", "1", "--to", "2", "--seed", "3"] },
        { "options '--prior' and '--split' exclude each other", ["interpolate", "--prior", "--split", "test"] },
        { "options '--prior' and '--input' exclude each other", ["interpolate", "--prior", "--input", "a.png"] },
        { "options '--prior' and '--data' exclude each other", ["interpolate", "--prior", "--data", "a"] },
        { "option '--steps' expects an integer of 2 to 1000, got '1'", ["interpolate", "--prior", "--steps", "1"] },
        { "option '--steps' expects an integer of 2 to 1000, got '1001'", ["interpolate", "--prior", "--steps", "1001"] },
        { "option '--mode' expects linear or slerp, got 'cubic'", ["interpolate", "--prior", "--mode", "cubic"] },
        { "option '--out' expects a file that ends in .png or .npz, got 'a.csv'", ["interpolate", "--prior", "--out", "a.csv"] },
        { "option '-n' expects an integer of 1 to 100000, got '0'", ["traverse", "-n", "0"] },
        { "option '--dimensions' expects an integer of 1 to 100000, got 'all'", ["traverse", "--dimensions", "all"] },
        { "option '--steps' expects an integer of 2 to 1000, got '1'", ["traverse", "--steps", "1"] },
        { "option '--range' expects a number of 0 to 100, got '-1'", ["traverse", "--range", "-1"] },
        { "option '--range' expects a number of 0 to 100, got '101'", ["traverse", "--range", "101"] },
        { "unknown option '--split'", ["traverse", "--split", "test"] },
        { "option '--components' expects integers of 1 to 10000, got '0'", ["fit-prior", "--components", "5", "0"] },
        { "option '--components' expects integers of 1 to 10000, got '10001'", ["fit-prior", "--components", "10001"] },
        { "option '--components' expects integers of 1 to 10000, got 'many'", ["fit-prior", "--components", "many"] },
        { "option '--held-out' expects a number of 0.01 to 0.5, got '0.6'", ["fit-prior", "--held-out", "0.6"] },
        { "option '--held-out' expects a number of 0.01 to 0.5, got '0'", ["fit-prior", "--held-out", "0"] },
        { "option '--prior' expects model or fitted, got 'normal'", ["sample", "--prior", "normal"] },
        { "option '-k' expects an integer of 1 to 1000000, got '0'", ["eval-elbo", "-k", "0"] },
        {
            "option '--importance-samples' expects an integer of 1 to 1000000, got '1000001'",
            ["eval-elbo", "--importance-samples", "1000001"]
        },
        { "options '--split' and '--input' exclude each other", ["eval-elbo", "--split", "test", "--input", "a.png"] },
        { "option '--seed' expects an integer of 0 to 9223372036854775807, got '-1'", ["eval-elbo", "--seed", "-1"] },
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
        bool isVerb = VaeCommand.Create(InProcess.NoTerminal).Subcommands.Any(verb => verb.Name == args[0]);
        string place = isVerb ? $"vae {args[0]}" : "vae";
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
        using TemporaryFolder folder = new TemporaryFolder();
        string file = folder.Write("options.txt", "--help");
        Invocation refused = InProcess.Run("train", $"@{file}");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Equal("", refused.Out);
    }
}
