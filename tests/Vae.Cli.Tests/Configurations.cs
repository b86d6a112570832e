namespace Vae.Cli.Tests;

/// <summary>Configurations small enough to train within a test.</summary>
internal static class Configurations
{
    /// <summary>Digits that the program draws itself: 4 steps an epoch, a network of 32 units.</summary>
    public const string Tiny = """
        {
          "data": { "source": "digits", "train_images": 640, "test_images": 128, "validation": 128 },
          "model": {
            "latent": 4,
            "encoder": { "kind": "mlp", "hidden": [32] },
            "decoder": { "kind": "mlp", "hidden": [32] }
          },
          "train": { "epochs": 2, "batch_size": 128 }
        }
        """;
}
