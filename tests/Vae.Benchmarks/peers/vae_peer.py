#!/usr/bin/env python3
"""The PyTorch side of the benchmark.

Reads one JSON object a line on standard input and answers each with one on standard output. The first is the case. Then
{"do": "tune", "threads": T, "blas_threads": B, "seconds": S} finds the fastest way on so many threads,
{"do": "use", "threads": T, "blas_threads": B, "choice": {...}} takes one, {"do": "run", "units": N} runs N steps or images,
{"do": "epochs", "units": N} epochs, and tells the seconds; {"do": "restart"} draws the weights anew. It ends with its input.
"""

import ctypes
import json
import os
import platform
import sys

import torch

from evaluation import Evaluation
from training import Epoch, Training

KINDS = {"training": Training, "epoch": Epoch, "evaluation": Evaluation}
LINUX_PR_SET_PDEATHSIG, SIGKILL = 1, 9
TRIALS = 3


def end_with_parent():
    """The conductor stops this process between its turns; it must not stay behind stopped."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(LINUX_PR_SET_PDEATHSIG, SIGKILL)


def peak_memory():
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def own_blas():
    """An OpenBLAS with threads of its own, which torch.set_num_threads does not reach, or None."""
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split()[-1] for line in maps if "openblas" in line}
    except OSError:
        return None
    for path in paths:
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_set_num_threads"):
            return library
    return None


BLAS = own_blas()

# Averages of gradients that stay 0 become subnormal numbers, which slow each update down; later threads take this over from the first.
torch.set_flush_denormal(True)


def set_threads(request):
    torch.set_num_threads(request["threads"])
    if BLAS is not None:
        BLAS.openblas_set_num_threads(request["blas_threads"])


def versions():
    facts = {
        "python": platform.python_version(),
        "version": torch.__version__,
        "omp_wait_policy": os.environ.get("OMP_WAIT_POLICY"),
        "own_blas_threads": BLAS is not None,
    }
    if torch.cuda.is_available():
        facts["cuda"] = torch.version.cuda
        facts["gpu"] = torch.cuda.get_device_name(0)
    return facts


def seconds_a_unit(work, seconds):
    """The best of a few short runs; the first one, that warms up, does not count."""
    units, once = 1, work.run(1)[0]
    once = min(once, work.run(1)[0])
    units = max(1, int(seconds / TRIALS / max(once, 1e-6)))
    return min(work.run(units)[0] / units for _ in range(TRIALS))


def tune(work, request):
    """Choices one after the other, each with the best of those before it."""
    set_threads(request)
    tried = []
    best, best_time = None, float("inf")
    choice = work.standard()
    for name, values in work.alternatives().items():
        for value in values:
            candidate = {**choice, name: value}
            if any(entry["choice"] == candidate for entry in tried):
                continue
            try:
                work.use(candidate)
                taken = seconds_a_unit(work, request["seconds"])
            except Exception as failure:  # a way that this torch or machine cannot go is told, and left out
                tried.append({"choice": candidate, "failure": f"{type(failure).__name__}: {failure}".splitlines()[0][:200]})
                continue
            tried.append({"choice": candidate, "seconds": taken})
            if taken < best_time:
                best, best_time = candidate, taken
        choice = best or choice
    if best is None:
        raise RuntimeError(f"no way works: {tried}")
    return {"tried": tried, "choice": best, "seconds": best_time}


def answer(work, request):
    if request["do"] == "tune":
        return tune(work, request)
    if request["do"] == "use":
        set_threads(request)
        work.use(request["choice"])
        return {}
    if request["do"] == "restart":
        work.restart()
        return {}
    run = work.run_epochs if isinstance(work, Epoch) and request["do"] == "epochs" else work.run
    seconds, loss = run(request["units"])
    return {"seconds": seconds, "loss": loss, "images": work.images(request["units"]), "peak_bytes": peak_memory()}


def main():
    end_with_parent()
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    spec = json.loads(sys.stdin.readline())
    work = KINDS[spec["kind"]](spec)
    print(json.dumps(versions()), file=answers)
    for line in sys.stdin:
        try:
            reply = answer(work, json.loads(line))
        except Exception as failure:
            reply = {"error": f"{type(failure).__name__}: {failure}".splitlines()[0]}
        print(json.dumps(reply), file=answers)


if __name__ == "__main__":
    main()
