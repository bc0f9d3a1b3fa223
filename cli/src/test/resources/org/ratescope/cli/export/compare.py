"""Prints, for each folder: the folder, a quantity, the largest difference from Ratescope's own number."""
import importlib.util
import math
import sys

import torch

torch.set_num_threads(1)

for folder in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("model", folder + "/model.py")
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    vae = model.load()
    expected = model.read_safetensors(folder + "/expected.safetensors")
    z = expected["z"]
    with torch.no_grad():
        mean, logvar = vae.encode(expected["x"])
        output = vae.decode(z)
        found = {
            "mean": mean,
            "logvar": logvar,
            "output": output.flatten(1),
            "likelihood.mean": vae.likelihood.mean(output).flatten(1),
            "likelihood.distortion": vae.likelihood.distortion(output, expected["x"]),
            "prior.log_prob": vae.prior.log_prob(z),
            "prior.rate": vae.prior.rate(mean, logvar, z),
        }
    for name, value in found.items():
        assert value.shape == expected[name].shape, (folder, name, value.shape)
        error = (value - expected[name]).abs() / expected[name].abs().clamp_min(1)
        print(folder, name, error.max().item(), sep="\t")
    # samples follow the density: the mean of N(z; 0, 0.5^2 I) / p(z) over samples is 1
    torch.manual_seed(0)
    with torch.no_grad():
        samples = vae.prior.sample(4000)
        narrow = -0.5 * (samples.square() / 0.25 + math.log(2 * math.pi * 0.25)).sum(1)
        ratio = torch.exp(narrow - vae.prior.log_prob(samples)).double()
        assert samples.shape == (4000, model.LATENT)
        assert vae.likelihood.sample(vae.decode(samples[:4])).shape == (4, *model.SHAPE)
    z_score = (ratio.mean() - 1) / (ratio.std() / math.sqrt(len(ratio)))
    print(folder, "prior.sample", abs(z_score.item()), sep="\t")
    # a training step reaches every parameter but the exemplars
    vae.train()
    distortion, rate = vae(expected["x"])
    (distortion + rate).mean().backward()
    assert all(p.grad is not None for p in vae.parameters() if p.requires_grad), folder
