#!/usr/bin/env python3
"""The training steps of `ratescope bench` in PyTorch, as its users write them, on one thread.

    python3 bench/pytorch_peer.py                         every case, as JSON
    python3 bench/pytorch_peer.py --only mlp:1x512 --seconds 0.2
    python3 bench/pytorch_peer.py --device cuda --ladder  on a GPU, 1, 8, 32, 128 models at once
    python3 bench/pytorch_peer.py --device cuda --k 64    on a GPU, 64 models at once

Prints the object that `ratescope bench --json` prints (docs/performance.md): an eager loop, and many
models at once by torch.func (stack_module_state, functional_call, vmap) where this PyTorch has it, with
its plain Adam and with its fused one. TF32 is off unless asked for, and no clock is read before a GPU is done.
`notes` says what this version lacks. Images are random with a twentieth of their values not zero,
which makes no difference to PyTorch. Nothing but PyTorch is needed.
"""
import argparse
import copy
import json
import os
import platform
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

LATENT, BETA, IMAGES, ROUNDS, ADAM_WORDS = 10, 0.1, 2048, 5, 9
LADDER = (1, 8, 32, 128)
CASES = [  # architecture, planes, pixels, batch, models at once
    ("mlp:1x512", 3, 32, 128, 2),
    ("mlp:3x512", 3, 32, 128, 2),
    ("cnn:1x64", 3, 32, 128, 3),
    ("cnn:3x64", 3, 32, 128, 3),
    ("mlp:1x128", 1, 16, 64, 16),
    ("mlp:1x128", 3, 16, 64, 8),
    ("mlp:3x128", 3, 16, 64, 8),
]


def parsed(architecture):
    kind, size = architecture.split(":")
    layers, width = size.split("x")
    return kind, int(layers), int(width)


class Vae(nn.Module):
    """Encoder and decoder of the paper (Table A1)."""

    def __init__(self, architecture, planes, pixels):
        super().__init__()
        kind, layers, width = parsed(architecture)
        self.kind, self.planes, self.pixels = kind, planes, pixels
        encoder, decoder = [], []
        if kind == "mlp":
            below, above = planes * pixels * pixels, LATENT
            for _ in range(layers):
                encoder += [nn.Linear(below, width), nn.ReLU()]
                decoder += [nn.Linear(above, width), nn.ReLU()]
                below = above = width
            decoder.append(nn.Linear(width, planes * pixels * pixels))
            features = width
        else:
            side = pixels >> layers
            features = width * side * side
            decoder += [nn.Linear(LATENT, features), nn.ReLU(), nn.Unflatten(1, (width, side, side))]
            for i in range(layers):
                encoder += [nn.Conv2d(planes if i == 0 else width, width, 4, 2, 1), nn.ReLU()]
                last = i == layers - 1
                decoder.append(nn.ConvTranspose2d(width, planes if last else width, 4, 2, 1))
                decoder += [] if last else [nn.ReLU()]
        self.encoder, self.decoder = nn.Sequential(*encoder), nn.Sequential(*decoder)
        self.mean, self.logvar = nn.Linear(features, LATENT), nn.Linear(features, LATENT)

    def forward(self, x, noise):
        """The batch mean of D + beta R, in nats."""
        planes = x.view(-1, self.planes, self.pixels, self.pixels) if self.kind == "cnn" else x
        hidden = self.encoder(planes).flatten(1)
        mean, logvar = self.mean(hidden), self.logvar(hidden)
        logits = self.decoder(mean + noise * torch.exp(0.5 * logvar)).flatten(1)
        distortion = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        rate = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).sum()
        return (distortion + BETA * rate) / x.shape[0]

    def operations(self, batch):
        """Floating-point operations of the products of one step, as Ratescope counts them."""
        side, count, first = self.pixels, 0, True
        for layer in list(self.encoder) + [self.mean, self.logvar] + list(self.decoder):
            if isinstance(layer, nn.Linear):
                products = layer.in_features * layer.out_features
                if layer is self.mean:
                    side = self.pixels >> sum(isinstance(l, nn.Conv2d) for l in self.encoder)
            elif isinstance(layer, nn.Conv2d):
                side //= 2
                products = layer.weight.numel() * side * side
            elif isinstance(layer, nn.ConvTranspose2d):
                products = layer.weight.numel() * side * side
                side *= 2
            else:
                continue
            count += (2 if first else 3) * products
            first = False
        return 2 * batch * count



def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def eager(model, images, batch, **options):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, amsgrad=True, **options)
    order = [torch.randperm(IMAGES, device=images.device)]
    position = [0]

    def step():
        if position[0] + batch > IMAGES:
            order[0], position[0] = torch.randperm(IMAGES, device=images.device), 0
        x = images[order[0][position[0] : position[0] + batch]]
        position[0] += batch
        optimizer.zero_grad()
        model(x, torch.randn(batch, LATENT, device=images.device)).backward()
        optimizer.step()

    return step


def ensemble(models, images, batch, **options):
    from torch.func import functional_call, grad, stack_module_state, vmap

    parameters, buffers = stack_module_state(models)
    base = copy.deepcopy(models[0]).to("meta")
    names = list(parameters)
    leaves = [parameters[name].detach().requires_grad_() for name in names]
    optimizer = torch.optim.Adam(leaves, lr=1e-3, amsgrad=True, **options)
    k = len(models)

    def loss(weights, x, noise):
        return functional_call(base, (weights, buffers), (x, noise))

    gradients = vmap(grad(loss))

    def step():
        rows = torch.randint(IMAGES, (k, batch), device=images.device)
        noise = torch.randn(k, batch, LATENT, device=images.device)
        found = gradients(dict(zip(names, [leaf.detach() for leaf in leaves])), images[rows], noise)
        for name, leaf in zip(names, leaves):
            leaf.grad = found[name]
        optimizer.step()

    return step


def repeated(step, seconds, device):
    synchronize(device)
    start, times = time.perf_counter(), 0
    while True:
        step()
        times += 1
        if time.perf_counter() - start >= seconds:
            synchronize(device)
            return (time.perf_counter() - start) / times


def least(trials, work, device):
    work()
    synchronize(device)
    best = float("inf")
    for _ in range(trials):
        start = time.perf_counter()
        work()
        synchronize(device)
        best = min(best, time.perf_counter() - start)
    return best


def limits(device):
    rows, size = (8192, 1 << 27) if device.type == "cuda" else (2048, 1 << 23)
    a = torch.full((rows, rows), 0.5, device=device)
    c = torch.empty_like(a)
    flops = 2 * rows**3 / least(5, lambda: torch.mm(a, a, out=c), device)
    leaf = torch.full((size,), 0.5, device=device, requires_grad=True)
    leaf.grad = torch.full((size,), 0.5, device=device)
    try:
        optimizer = torch.optim.Adam([leaf], lr=1e-3, amsgrad=True, fused=True)
        optimizer.step()
    except (TypeError, RuntimeError):  # an old version: its Adam in many passes
        optimizer = torch.optim.Adam([leaf], lr=1e-3, amsgrad=True)
    bandwidth = ADAM_WORDS * 4 * size / least(5, optimizer.step, device)
    return {"productFlopsPerSecond": flops, "adamBytesPerSecond": bandwidth}


def ensembles(case, device, counts, images, notes):
    """Ways of training many models at once, made one by one, since a GPU may not hold all of them."""
    architecture, planes, pixels, batch, _ = case
    for k in counts:
        for name, options in (("torch.func", {}), ("torch.func, fused Adam", {"fused": True})):
            try:
                models = [Vae(architecture, planes, pixels).to(device) for _ in range(k)]
                step = ensemble(models, images, batch, **options)
                step()
                yield "%s, K = %d" % (name, k), k, step
                del models, step
            except (ImportError, TypeError, RuntimeError) as reason:  # out of memory is a RuntimeError
                notes.add("%s is not measured: %s" % (name, str(reason).splitlines()[0]))


def measured(case, found, seconds, device, counts, notes):
    architecture, planes, pixels, batch, _ = case
    images = torch.rand(IMAGES, planes * pixels * pixels, device=device)
    images *= torch.rand_like(images) < 0.05
    model = Vae(architecture, planes, pixels).to(device)
    ways = {"eager": (1, eager(model, images, batch))}
    try:
        other = Vae(architecture, planes, pixels).to(device)
        fused = eager(other, images, batch, fused=True)
        fused()
        ways["eager, fused Adam"] = (1, fused)
    except (TypeError, RuntimeError) as reason:
        notes.add("fused Adam is not measured: " + str(reason).splitlines()[0])
    models = {way: count for way, (count, _) in ways.items()}
    rounds, ratios = {}, {}

    def take_turns(steps):
        for step in steps.values():
            repeated(step, seconds, device)
        turns = [{way: repeated(step, seconds, device) for way, step in steps.items()} for _ in range(ROUNDS)]
        for way in steps:
            rounds.setdefault(way, [turn[way] for turn in turns])
            ratios.setdefault(way, [turn["eager"] / turn[way] for turn in turns])

    take_turns({way: step for way, (_, step) in ways.items()})
    for way, count, step in ensembles(case, device, counts, images, notes):
        models[way] = count
        take_turns({"eager": ways["eager"][1], way: step})
        del step
        if device.type == "cuda":
            torch.cuda.empty_cache()
    parameters = sum(p.numel() for p in model.parameters())
    operations, size = model.operations(batch), ADAM_WORDS * 4 * parameters
    roofline = operations / found["productFlopsPerSecond"] + size / found["adamBytesPerSecond"]
    return {
        "architecture": architecture,
        "images": "%dx%dx%d" % (planes, pixels, pixels),
        "batch": batch,
        "parameters": parameters,
        "operations": operations,
        "adamBytes": size,
        "rooflineSeconds": roofline,
        "ways": [
            {
                "way": way,
                "k": count,
                "modelStepsPerSecond": count / statistics.median(rounds[way]),
                "timesEager": count * statistics.median(ratios[way]),
                "shareOfRoofline": count * roofline / statistics.median(rounds[way]),
                "bytes": 0,
            }
            for way, count in models.items()
        ],
        "twoWorkers": 0,
    }


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next(l.split(":")[1].strip() for l in lines if l.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def blas():
    """The library behind the products: what is loaded, else what this PyTorch says it was built with."""
    try:
        with open("/proc/self/maps") as maps:
            files = {os.path.basename(line.split()[-1]) for line in maps if ".so" in line}
        named = sorted(f for f in files if any(n in f.lower() for n in ("openblas", "mkl_core", "blis", "libblas")))
        if named:
            return ", ".join(named)
    except OSError:
        pass
    return "MKL" if torch.backends.mkl.is_available() else "not known"


def main():
    parser = argparse.ArgumentParser(description="The training steps of 'ratescope bench' in PyTorch, as JSON.")
    parser.add_argument("--only", help="one architecture, for example mlp:1x512")
    parser.add_argument("--seconds", type=float, default=0.4, help="length of a turn (default: 0.4)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda[:n] (default: cpu)")
    parser.add_argument("--k", type=int, default=0, help="models at once by torch.func (default: 2 to 16, by case)")
    parser.add_argument("--ladder", action="store_true", help="1, 8, 32, 128 models at once, as memory allows")
    parser.add_argument("--tf32", action="store_true", help="let a GPU round the factors of float32 products")
    options = parser.parse_args()
    if options.device.startswith("cuda") and not torch.cuda.is_available():
        parser.error("--device %s: this PyTorch sees no CUDA device, allowed here: cpu" % options.device)
    cases = [c for c in CASES if options.only in (None, c[0])]
    if not cases:
        parser.error("--only must be one of %s, came %s" % (", ".join(sorted({c[0] for c in CASES})), options.only))
    device = torch.device(options.device)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = options.tf32
    torch.manual_seed(0)
    torch.set_num_threads(1)
    notes = set()
    found = limits(device)
    speeds = [
        measured(c, found, options.seconds, device, LADDER if options.ladder else (options.k or c[4],), notes) for c in cases
    ]
    print(
        json.dumps(
            {
                "machine": {
                    "processor": torch.cuda.get_device_name(device) if device.type == "cuda" else processor(),
                    "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
                    "memoryBytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
                    "python": platform.python_version(),
                    "pytorch": torch.__version__,
                    "blas": blas(),
                },
                "limits": found,
                "cases": speeds,
                "peakBytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                "notes": sorted(notes),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
