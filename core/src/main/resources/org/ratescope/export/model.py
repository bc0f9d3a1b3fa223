"""<<title>>, trained by Ratescope <<version>>, as plain torch.nn.

    import model
    vae = model.load()                              # weights.safetensors beside this file
    mean, logvar = vae.encode(x)                    # x: (N, <<shape>>), values from 0 to 1
    output = vae.decode(vae.sample(mean, logvar))   # <<output>>
    x_hat = vae.likelihood.mean(output)             # E[x|z]
    new = vae.likelihood.mean(vae.decode(vae.prior.sample(16)))

Run <<id>>:
<<canonical>>
All values are in nats for each example.
"""

import json
import math
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

LATENT = <<latent>>
SHAPE = (<<shape>>)
LOG_TWO_PI = math.log(2 * math.pi)


<<likelihood>>


def entropy(logvar):
    """The entropy of q(z|x), (N, L) -> (N,)."""
    return 0.5 * (logvar + 1 + LOG_TWO_PI).sum(1)


class Prior(nn.Module):
    """p(z): log_prob(z) of codes (N, L) -> (N,); sample(n) -> (n, L)."""

    def rate(self, mean, logvar, z):
        """KL(q(z|x) || p(z)), estimated with one code z of each q(z|x). -> (N,)"""
        return -self.log_prob(z) - entropy(logvar)


<<prior>>


class Vae(nn.Module):
    """<<title>>, with the names of weights.safetensors."""

    def __init__(self):
        super().__init__()
        self.likelihood = Likelihood()
<<layers>>
        self.prior = <<make prior>>

    def encode(self, x):
        """Mean and log-variance of q(z|x). (N, <<shape>>) -> (N, L), (N, L)"""
<<encode>>

    def sample(self, mean, logvar):
        """A code from each q(z|x). -> (N, L)"""
        return mean + torch.exp(0.5 * logvar) * torch.randn_like(mean)

    def decode(self, z):
        """<<Output>>. (N, L) -> (N, <<shape>>)"""
<<decode>>

    def forward(self, x):
        """Distortion and rate, with one code for each example; their sum is the negative ELBO. -> (N,), (N,)"""
        mean, logvar = self.encode(x)
        z = self.sample(mean, logvar)
        return self.likelihood.distortion(self.decode(z), x), self.prior.rate(mean, logvar, z)


def read_safetensors(path):
    """The tensors of a safetensors file by name; safetensors.torch.load_file gives the same."""
    data = bytearray(pathlib.Path(path).read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    types = {"F32": torch.float32, "F64": torch.float64}
    tensors = {}
    for name, entry in json.loads(data[8:start].decode("utf-8")).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(data[start + begin:start + end], dtype=types[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


def load(path=None):
    """The trained model, in the precision of its weights."""
    weights = read_safetensors(path or pathlib.Path(__file__).with_name("weights.safetensors"))
    vae = Vae().to(next(iter(weights.values())).dtype)
    vae.load_state_dict(weights)
    return vae.eval()
