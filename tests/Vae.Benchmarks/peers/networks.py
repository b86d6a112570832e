"""The networks of the benchmark's cases as one would write them in PyTorch."""

import math

import torch
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


class Gated(nn.Module):
    """h(x) * sigmoid(g(x)); both products in one layer, which is faster than two."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.both = nn.Linear(inputs, 2 * outputs)

    def forward(self, x):
        return nn.functional.glu(self.both(x), dim=-1)


def dense(inputs, widths, activation):
    layers = []
    for width in widths:
        layers += [nn.Linear(inputs, width), ACTIVATIONS[activation]()]
        inputs = width
    return layers, inputs


def rows(spec, inputs):
    """Layers from [N, inputs] to [N, outputs], and outputs."""
    if spec["kind"] == "gated_mlp":
        layers = []
        for width in spec["hidden"]:
            layers.append(Gated(inputs, width))
            inputs = width
        return layers, inputs
    return dense(inputs, spec["hidden"], spec["activation"])


def convolution_encoder(spec, shape):
    channels, height, width = shape
    layers = [nn.Unflatten(1, tuple(shape))]
    for outputs in spec["channels"]:
        layers += [nn.Conv2d(channels, outputs, 4, 2, 1), ACTIVATIONS[spec["activation"]]()]
        channels, height, width = outputs, height // 2, width // 2
    layers.append(nn.Flatten())
    more, outputs = dense(channels * height * width, spec["hidden"], spec["activation"])
    return layers + more, outputs


def convolution_decoder(spec, latent, shape):
    activation = ACTIVATIONS[spec["activation"]]
    halvings = 2 ** len(spec["channels"])
    smallest = (spec["channels"][0], shape[1] // halvings, shape[2] // halvings)
    layers, features = dense(latent, spec["hidden"], spec["activation"])
    layers += [nn.Linear(features, math.prod(smallest)), activation(), nn.Unflatten(1, smallest)]
    channels = spec["channels"]
    for inputs, outputs in zip(channels, channels[1:]):
        layers += [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1), activation()]
    layers += [nn.ConvTranspose2d(channels[-1], shape[0], 4, 2, 1), nn.Flatten()]
    return layers


def set_tf32(allowed):
    """By itself PyTorch allows it in convolutions alone."""
    torch.backends.cuda.matmul.allow_tf32 = allowed
    torch.backends.cudnn.allow_tf32 = allowed


class Vae(nn.Module):
    def __init__(self, spec):
        super().__init__()
        shape, latent = spec["shape"], spec["latent"]
        pixels = math.prod(shape)
        if spec["encoder"]["kind"] == "conv":
            layers, features = convolution_encoder(spec["encoder"], shape)
            decoder = convolution_decoder(spec["decoder"], latent, shape)
        else:
            layers, features = rows(spec["encoder"], pixels)
            decoder, outputs = rows(spec["decoder"], latent)
            decoder = [*decoder, nn.Linear(outputs, pixels)]
        self.latent = latent
        self.bounds = spec.get("log_variance_bounds")
        self.encoder = nn.Sequential(*layers, nn.Linear(features, 2 * latent))
        self.decoder = nn.Sequential(*decoder)

    def decode(self, z):
        return self.decoder(z)

    def encode(self, x):
        mean, log_variance = self.encoder(x).chunk(2, dim=-1)
        if self.bounds:
            log_variance = log_variance.clamp(*self.bounds)
        return mean, log_variance


def initialize(model, kind):
    """First weights other than PyTorch's own: normal with variance 2 / inputs (He et al. 2015), biases 0."""
    if kind == "pytorch":
        return
    if kind != "he":
        raise ValueError(f"unknown initializer {kind}")
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, 0, math.sqrt(2 / layer.in_features))
            nn.init.zeros_(layer.bias)


def elbo_loss(model, x):
    mean, log_variance = model.encode(x)
    z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
    reconstruction = nn.functional.binary_cross_entropy_with_logits(model.decode(z), x, reduction="sum")
    kl = -0.5 * torch.sum(1 + log_variance - mean.square() - log_variance.exp())
    return (reconstruction + kl) / x.shape[0]


def iwae_loss(model, x, samples):
    mean, log_variance = model.encode(x)
    noise = torch.randn(samples, *mean.shape, device=x.device)
    z = mean + torch.exp(0.5 * log_variance) * noise
    logits = model.decode(z.flatten(0, 1)).view(samples, *x.shape)
    targets = x.expand_as(logits)
    log_likelihood = -nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(-1)
    log_prior_over_posterior = 0.5 * (noise.square() - z.square() + log_variance).sum(-1)
    log_weights = log_likelihood + log_prior_over_posterior
    return math.log(samples) - torch.logsumexp(log_weights, 0).mean()
