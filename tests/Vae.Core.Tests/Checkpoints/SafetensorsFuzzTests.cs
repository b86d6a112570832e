using Vae.Core.Checkpoints;
using Vae.Core.Tests.Support;

namespace Vae.Core.Tests.Checkpoints;

public class SafetensorsFuzzTests
{
    private static readonly string[] Words =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"dtype\":", "\"shape\":", "\"data_offsets\":", "\"__metadata__\":{", "\"F32\"", "\"BOOL\"",
        "-1", "1e3",
        "18446744073709551615", "\\ud800", "\0\0\0\0\0\0\0\0", " ",
    ];

    private static readonly byte[][] Files =
    [
        SafetensorsBytes.Write(
            [
                new("encoder.0.weight", SafetensorsType.F32, [4, 3], SafetensorsBytes.Data(48)),
                new("encoder.0.bias", SafetensorsType.F32, [4], SafetensorsBytes.Data(16)),
                new("optimizer.step", SafetensorsType.I64, [], SafetensorsBytes.Data(8)),
            ],
            ("epoch", "3"),
            ("configuration", """{"data":{"source":"digits"}}""")),
        SafetensorsBytes.Write(
            [new("x", SafetensorsType.U8, [2, 0], Array.Empty<byte>()), new("y", SafetensorsType.Bool, [1], new byte[1])]),
        SafetensorsBytes.Of("{}"),
    ];

    [Fact]
    public void Damaged_files_are_read_or_refused_in_one_line_that_names_the_file()
    {
        var (accepted, refused) = new Mutator(20262, Words).Run(Files, damaged =>
        {
            try
            {
                var file = SafetensorsBytes.Read(damaged);
                Assert.InRange(file.Entries.Sum(entry => file.Data(entry.Name).Length), 0, damaged.Length);
                file.CheckFinite();
            }
            catch (VaeException refusal)
            {
                Assert.Equal(FailureKind.BadData, refusal.Kind);
                Assert.StartsWith("FILE: ", refusal.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(refusal.Message, char.IsControl);
                throw;
            }
        });

        Assert.True(accepted > 0 && refused > accepted, $"{accepted} accepted, {refused} refused");
    }
}
