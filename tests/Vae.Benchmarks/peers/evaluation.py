"""log p(x) by importance sampling in PyTorch: each image is encoded once, its latents are decoded in batches."""

import math
import time

import torch
from torch import nn

from networks import Vae, set_tf32
from training import read_pixels, synchronize


class Evaluation:
    def __init__(self, spec):
        self.spec = spec
        self.device = torch.device(spec["device"])
        set_tf32(False)  # evaluations are exact on both sides
        torch.manual_seed(1)
        self.model = Vae(spec).to(self.device)
        self.targets = (read_pixels(spec).to(self.device).float() / 255).bernoulli()
        self.use(self.standard())

    def standard(self):
        return {"chunk": 500, "likelihood": "library", "mode": "no_grad"}

    def alternatives(self):
        return {
            "chunk": [500, 100, 250, 1000, 2500, 5000],
            "likelihood": ["library", "product"],
            "mode": ["no_grad", "inference_mode"] if hasattr(torch, "inference_mode") else ["no_grad"],
        }

    def use(self, choice):
        self.choice = choice

    def log_likelihood(self, logits, x):
        if self.choice["likelihood"] == "library":
            return -nn.functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
        return torch.mv(logits, x) - nn.functional.softplus(logits).sum(-1)

    def bound(self, x, mean, deviation, log_deviation_sum):
        parts = []
        for first in range(0, self.spec["samples"], self.choice["chunk"]):
            rows = min(self.choice["chunk"], self.spec["samples"] - first)
            noise = torch.randn(rows, self.model.latent, device=self.device)
            z = torch.addcmul(mean, noise, deviation)
            ratio = 0.5 * (noise.square() - z.square()).sum(-1) + log_deviation_sum
            parts.append(self.log_likelihood(self.model.decode(z), x) + ratio)
        return torch.logsumexp(torch.cat(parts), 0) - math.log(self.spec["samples"])

    def run(self, images):
        """Seconds for so many images (over and over where there are fewer), and the mean bound."""
        guard = torch.no_grad if self.choice["mode"] == "no_grad" else torch.inference_mode
        synchronize(self.device)
        begin = time.perf_counter()
        with guard():
            targets = self.targets[[i % len(self.targets) for i in range(images)]]
            mean, log_variance = self.model.encode(targets)
            deviation = torch.exp(0.5 * log_variance)
            sums = 0.5 * log_variance.sum(-1)
            bounds = [self.bound(x, m, d, s) for x, m, d, s in zip(targets, mean, deviation, sums)]
            value = torch.stack(bounds).mean().item()
        return time.perf_counter() - begin, -value

    def images(self, units):
        return units
