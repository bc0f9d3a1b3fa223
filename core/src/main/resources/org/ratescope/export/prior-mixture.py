def log_mixture(z, log_weights, mean, logvar):
    """log of sum_c w_c N(z; mean_c, exp(logvar_c)). (N, L) -> (N,)"""
    square = (z[:, None] - mean).square() * torch.exp(-logvar)  # (N, C, L)
    return torch.logsumexp(log_weights - 0.5 * (square + logvar + LOG_TWO_PI).sum(2), 1)


class Mixture(Prior):
    """A mixture of Gaussians with diagonal covariances; logScale has the logs of standard deviations."""

    def __init__(self, components, latent):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(components))
        self.mean = nn.Parameter(torch.zeros(components, latent))
        self.logScale = nn.Parameter(torch.zeros(components, latent))

    def log_prob(self, z):
        return log_mixture(z, torch.log_softmax(self.logits, 0), self.mean, 2 * self.logScale)

    def sample(self, n):
        c = torch.multinomial(torch.softmax(self.logits, 0), n, replacement=True)
        return self.mean[c] + self.logScale[c].exp() * torch.randn_like(self.mean[c])
