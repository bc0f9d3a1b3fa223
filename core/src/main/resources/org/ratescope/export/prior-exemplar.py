def log_mixture(z, log_weights, mean, logvar):
    """log of sum_c w_c N(z; mean_c, exp(logvar_c)). (N, L) -> (N,)"""
    square = (z[:, None] - mean).square() * torch.exp(-logvar)  # (N, C, L)
    return torch.logsumexp(log_weights - 0.5 * (square + logvar + LOG_TWO_PI).sum(2), 1)


class Exemplar(Prior):
    """The mean of N(mean(x_n), s^2 I) over training images x_n (Norouzi et al. 2020), as in evaluation: all count."""

    def __init__(self, exemplars, dimensions, encode):
        super().__init__()
        self.images = nn.Parameter(torch.zeros(exemplars, dimensions), requires_grad=False)
        self.logScale = nn.Parameter(torch.zeros(1))
        self.encode = encode

    def log_prob(self, z):
        mean, _ = self.encode(self.images)
        logvar = (2 * self.logScale).expand_as(mean)
        return log_mixture(z, -math.log(len(mean)), mean, logvar)

    def sample(self, n):
        mean, _ = self.encode(self.images)
        chosen = mean[torch.randint(len(mean), (n,), device=mean.device)]
        return chosen + self.logScale.exp() * torch.randn_like(chosen)
