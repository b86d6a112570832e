"""Training steps in PyTorch, each way of doing them that may be the fastest, and an epoch with its evaluation."""

import inspect
import math
import time

import torch

from networks import Vae, elbo_loss, initialize, iwae_loss, set_tf32

EVALUATION_BATCH = 500


def read_pixels(spec, key="pixels"):
    with open(spec[key], "rb") as file:
        values = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)
    return values.view(-1, spec["shape"][0] * spec["shape"][1] * spec["shape"][2])


def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


class Pool:
    """All images on the device, binarized anew for each batch."""

    WAYS = ("bernoulli", "uniform", "bytes")

    def __init__(self, pixels, device):
        self.bytes = pixels.to(device)
        self.intensities = self.bytes.float().div_(255)

    def batch(self, indices, way):
        if way == "bernoulli":
            return torch.bernoulli(self.intensities.index_select(0, indices))
        if way == "uniform":
            intensities = self.intensities.index_select(0, indices)
            return (torch.rand_like(intensities) < intensities).float()
        values = self.bytes.index_select(0, indices)
        # A whole number below 255 is below v with probability v / 255.
        return (torch.empty_like(values).random_(0, 255) < values).float()


class Training:
    def __init__(self, spec):
        self.spec = spec
        self.device = torch.device(spec["device"])
        set_tf32(spec.get("precision") == "tf32")
        self.pool = Pool(read_pixels(spec), self.device)
        self.count = self.pool.bytes.shape[0]
        self.batch_size = spec["batch"]
        self.choice = None
        self.use(self.standard())

    def standard(self):
        return {"binarization": "bernoulli", "optimizer": self.optimizers()[0], "layout": "contiguous", "step": "eager"}

    def alternatives(self):
        """What may be tried for each choice, the standard first."""
        convolutional = self.spec["encoder"]["kind"] == "conv"
        steps = ["eager"]
        if hasattr(torch, "compile"):
            steps.append("compile")
        if self.device.type == "cuda":
            steps += ["cuda_graph", "compile_cuda_graph"] if hasattr(torch, "compile") else ["cuda_graph"]
        return {
            "step": steps,  # first: the best of the others depends on it
            "binarization": list(Pool.WAYS),
            "optimizer": self.optimizers(),
            "layout": ["contiguous", "channels_last"] if convolutional else ["contiguous"],
        }

    def optimizers(self):
        known = inspect.signature(torch.optim.Adam.__init__).parameters
        return [way for way in ("foreach", "fused") if way in known] + ["plain"]

    def use(self, choice):
        if choice == self.choice:
            return
        torch.manual_seed(1)
        if hasattr(torch, "_dynamo"):
            torch._dynamo.reset()  # else it gives up compiling after some models
        self.choice = choice
        self.order, self.place, self.steps = None, self.count, 0
        self.model = self.new_model()
        if choice["layout"] == "channels_last":
            self.model = self.model.to(memory_format=torch.channels_last)
        self.optimizer = self.new_optimizer(choice)
        loss = self.loss
        if choice["step"] in ("compile", "compile_cuda_graph"):
            loss = torch.compile(self.loss)
        self.compute = loss
        self.replay = self.capture() if choice["step"].endswith("cuda_graph") else None

    def new_model(self):
        model = Vae(self.spec)
        initialize(model, self.spec.get("initializer", "pytorch"))
        return model.to(self.device)

    def restart(self):
        """Fresh weights, and an optimizer that knows nothing, in the same memory: what was compiled or captured stays."""
        torch.manual_seed(1)
        fresh = self.new_model().state_dict()
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                value.copy_(fresh[name])
            for state in self.optimizer.state.values():
                for key, value in state.items():
                    state[key] = value.zero_() if torch.is_tensor(value) else 0
        self.order, self.place, self.steps = None, self.count, 0

    def new_optimizer(self, choice):
        options = {choice["optimizer"]: True} if choice["optimizer"] in ("foreach", "fused") else {}
        rate = self.spec["learning_rate"]
        if choice["step"].endswith("cuda_graph"):
            options["capturable"] = True
            rate = torch.tensor(rate, device=self.device)  # a graph sees its changes
        return torch.optim.Adam(self.model.parameters(), lr=rate, eps=self.spec["epsilon"], **options)

    def set_rate(self):
        """Half a cosine from the learning rate to 0, where there is a decay."""
        steps = self.spec.get("decay_epochs", 0) * (self.count // self.batch_size)
        if steps == 0:
            return
        rate = self.spec["learning_rate"] * 0.5 * (1 + math.cos(math.pi * min(1, self.steps / steps)))
        self.steps += 1
        for group in self.optimizer.param_groups:
            if torch.is_tensor(group["lr"]):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate

    def loss(self, x):
        samples = self.spec.get("samples", 0)
        return iwae_loss(self.model, x, samples) if samples else elbo_loss(self.model, x)

    def step(self, indices):
        x = self.pool.batch(indices, self.choice["binarization"])
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.compute(x)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def capture(self):
        """The whole step as one CUDA graph over a fixed place for the indices."""
        places = torch.zeros(self.batch_size, dtype=torch.long, device=self.device)
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(5):
                self.step(places)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            x = self.pool.batch(places, self.choice["binarization"])
            loss = self.compute(x)
            loss.backward()
            self.optimizer.step()

        def replay(indices):
            places.copy_(indices)
            graph.replay()
            return loss.detach()

        return replay

    def next_indices(self):
        if self.place + self.batch_size > self.count:
            self.order, self.place = torch.randperm(self.count, device=self.device), 0
        indices = self.order[self.place:self.place + self.batch_size]
        self.place += self.batch_size
        return indices

    def run(self, steps):
        """Seconds that the steps took, and the last loss in nats per image."""
        once = self.replay or self.step
        synchronize(self.device)
        begin = time.perf_counter()
        for _ in range(steps):
            self.set_rate()
            loss = once(self.next_indices())
        value = loss.item()
        return time.perf_counter() - begin, value

    def images(self, units):
        return units * self.batch_size


class Epoch(Training):
    """An epoch of training and the ELBO of the validation images after it; nothing is written."""

    def __init__(self, spec):
        super().__init__(spec)
        self.validation = Pool(read_pixels(spec, "validation"), self.device)

    def evaluate(self):
        total = torch.zeros((), device=self.device)
        with torch.no_grad():
            for indices in torch.arange(self.validation.bytes.shape[0], device=self.device).split(EVALUATION_BATCH):
                x = self.validation.batch(indices, self.choice["binarization"])
                total += self.loss(x) * len(indices)
        return (total / self.validation.bytes.shape[0]).item()

    def run_epochs(self, epochs):
        begin = time.perf_counter()
        for _ in range(epochs):
            self.run(self.count // self.batch_size)
            loss = self.evaluate()
            if not math.isfinite(loss):
                raise RuntimeError("the loss is not finite")
        return time.perf_counter() - begin, loss
