using System.Text.Json.Nodes;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Vae.Benchmarks.PlainTorchSharp;

/// <summary>
/// The networks and losses of the benchmark's cases as one would write them in TorchSharp alone; twin of peers/networks.py.
/// </summary>
internal sealed class PlainVae : Module
{
    private readonly Sequential _encoder;
    private readonly Sequential _decoder;
    private readonly (double Least, double Most)? _logVarianceBounds;

    public PlainVae(JsonObject specification)
        : base(nameof(PlainVae))
    {
        long[] shape = Integers(specification["shape"]);
        long pixels = shape[0] * shape[1] * shape[2];
        Latent = (long)specification["latent"]!;
        _logVarianceBounds = specification["log_variance_bounds"] is JsonArray bounds ? ((double)bounds[0]!, (double)bounds[1]!) : null;
        JsonObject encoder = specification["encoder"]!.AsObject();
        JsonObject decoder = specification["decoder"]!.AsObject();
        if ((string)encoder["kind"]! == "conv")
        {
            (List<Module<Tensor, Tensor>> layers, long features) = ConvolutionalEncoder(encoder, shape);
            _encoder = Sequential([.. layers, Linear(features, 2 * Latent)]);
            _decoder = Sequential(ConvolutionalDecoder(decoder, Latent, shape));
        }
        else
        {
            (List<Module<Tensor, Tensor>> layers, long features) = Dense(encoder, pixels);
            _encoder = Sequential([.. layers, Linear(features, 2 * Latent)]);
            (layers, features) = Dense(decoder, Latent);
            _decoder = Sequential([.. layers, Linear(features, pixels)]);
        }

        RegisterComponents();
    }

    /// <summary>D, numbers in a latent code.</summary>
    public long Latent { get; }

    /// <summary>Mean and log-variance of q(z|x), [B, D] each, of images [B, pixels].</summary>
    public (Tensor Mean, Tensor LogVariance) Encode(Tensor x)
    {
        Tensor[] halves = _encoder.forward(x).chunk(2, dim: -1);
        return (halves[0], _logVarianceBounds is { } bounds ? halves[1].clamp(bounds.Least, bounds.Most) : halves[1]);
    }

    /// <summary>Logits of the pixels, [N, pixels], of codes [N, D].</summary>
    public Tensor Decode(Tensor z) => _decoder.forward(z);

    /// <summary>−ELBO in nats per image, [], of images [B, pixels].</summary>
    public Tensor ElboLoss(Tensor x)
    {
        (Tensor mean, Tensor logVariance) = Encode(x);
        Tensor z = mean + ((0.5 * logVariance).exp() * randn_like(mean));
        Tensor reconstruction = functional.binary_cross_entropy_with_logits(Decode(z), x, reduction: Reduction.Sum);
        Tensor kl = -0.5 * (1 + logVariance - mean.square() - logVariance.exp()).sum();
        return (reconstruction + kl) / x.shape[0];
    }

    /// <summary>The negative importance-weighted bound of K samples in nats per image, [], of images [B, pixels].</summary>
    public Tensor IwaeLoss(Tensor x, int samples)
    {
        (Tensor mean, Tensor logVariance) = Encode(x);
        Tensor noise = randn(samples, x.shape[0], Latent, device: x.device);                                  // [K, B, D]
        Tensor z = mean + ((0.5 * logVariance).exp() * noise);                                                // [K, B, D]
        Tensor logits = Decode(z.flatten(0, 1)).view(samples, x.shape[0], x.shape[1]);                        // [K, B, pixels]
        Tensor misfit = functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction: Reduction.None);
        Tensor logPriorOverPosterior = 0.5 * (noise.square() - z.square() + logVariance).sum(-1L);            // [K, B]
        Tensor logWeights = logPriorOverPosterior - misfit.sum(-1L);                                          // [K, B]
        return Math.Log(samples) - logWeights.logsumexp(0L).mean();
    }

    private static (List<Module<Tensor, Tensor>> Layers, long Outputs) Dense(JsonObject network, long inputs)
    {
        List<Module<Tensor, Tensor>> layers = [];
        foreach (long width in Integers(network["hidden"]))
        {
            layers.AddRange(
                (string)network["kind"]! == "gated_mlp" ? [new Gated(inputs, width)] : [Linear(inputs, width), Activation(network)]);
            inputs = width;
        }

        return (layers, inputs);
    }

    private static (List<Module<Tensor, Tensor>> Layers, long Features) ConvolutionalEncoder(JsonObject network, long[] shape)
    {
        (long channels, long height, long width) = (shape[0], shape[1], shape[2]);
        List<Module<Tensor, Tensor>> layers = [Unflatten(1, shape)];
        foreach (long outputs in Integers(network["channels"]))
        {
            layers.AddRange([Conv2d(channels, outputs, 4, stride: 2, padding: 1), Activation(network)]);
            (channels, height, width) = (outputs, height / 2, width / 2);
        }

        (List<Module<Tensor, Tensor>> dense, long features) = Dense(network, channels * height * width);
        return ([.. layers, Flatten(), .. dense], features);
    }

    private static Module<Tensor, Tensor>[] ConvolutionalDecoder(JsonObject network, long latent, long[] shape)
    {
        long[] channels = Integers(network["channels"]);
        long[] smallest = [channels[0], shape[1] >> channels.Length, shape[2] >> channels.Length];
        (List<Module<Tensor, Tensor>> layers, long features) = Dense(network, latent);
        layers.AddRange([Linear(features, smallest[0] * smallest[1] * smallest[2]), Activation(network), Unflatten(1, smallest)]);
        foreach ((long inputs, long outputs) in channels.Zip(channels.Skip(1)))
        {
            layers.AddRange([ConvTranspose2d(inputs, outputs, 4, stride: 2, padding: 1), Activation(network)]);
        }

        return [.. layers, ConvTranspose2d(channels[^1], shape[0], 4, stride: 2, padding: 1), Flatten()];
    }

    private static Module<Tensor, Tensor> Activation(JsonObject network) => (string)network["activation"]! == "tanh" ? Tanh() : ReLU();

    private static long[] Integers(JsonNode? values) => [.. values!.AsArray().Select(value => (long)value!)];

    /// <summary>h(x) ⊙ σ(g(x)); both products in one layer.</summary>
    private sealed class Gated : Module<Tensor, Tensor>
    {
        private readonly Linear _both;

        public Gated(long inputs, long outputs)
            : base(nameof(Gated))
        {
            _both = Linear(inputs, 2 * outputs);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => functional.glu(_both.forward(input)); // [N, outputs]
    }
}
