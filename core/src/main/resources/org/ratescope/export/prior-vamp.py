def log_mixture(z, log_weights, mean, logvar):
    """log of sum_c w_c N(z; mean_c, exp(logvar_c)). (N, L) -> (N,)"""
    square = (z[:, None] - mean).square() * torch.exp(-logvar)  # (N, C, L)
    return torch.logsumexp(log_weights - 0.5 * (square + logvar + LOG_TWO_PI).sum(2), 1)


class Vamp(Prior):
    """The mean of q(z|u) over pseudo-inputs u (Tomczak and Welling 2018)."""

    def __init__(self, components, dimensions, encode):
        super().__init__()
        self.inputs = nn.Parameter(torch.zeros(components, dimensions))
        self.encode = encode

    def components(self):
        return self.encode(self.inputs.clamp(0, 1))

    def log_prob(self, z):
        return log_mixture(z, -math.log(len(self.inputs)), *self.components())

    def sample(self, n):
        mean, logvar = self.components()
        c = torch.randint(len(mean), (n,), device=mean.device)
        return mean[c] + torch.exp(0.5 * logvar[c]) * torch.randn_like(mean[c])
