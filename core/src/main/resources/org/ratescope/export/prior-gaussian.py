class Gaussian(Prior):
    """N(m, A A^T): factor has A below its diagonal and the logs of A's diagonal on it."""

    def __init__(self, latent):
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(latent))
        self.factor = nn.Parameter(torch.zeros(latent, latent))

    def scale(self):
        return self.factor.tril(-1) + torch.diag(self.factor.diagonal().exp())

    def whitened(self, z):
        return torch.linalg.solve_triangular(self.scale(), (z - self.mean).T, upper=False).T

    def log_prob(self, z):
        return -0.5 * (self.whitened(z).square() + LOG_TWO_PI).sum(1) - self.factor.diagonal().sum()

    def sample(self, n):
        noise = torch.randn(n, len(self.mean), dtype=self.mean.dtype, device=self.mean.device)
        return self.mean + noise @ self.scale().T

    def rate(self, mean, logvar, z):
        """KL(q(z|x) || p(z)) in closed form. -> (N,)"""
        identity = torch.eye(len(self.mean), dtype=self.mean.dtype, device=self.mean.device)
        inverse = torch.linalg.solve_triangular(self.scale(), identity, upper=False)
        return -self.log_prob(mean) + 0.5 * logvar.exp() @ inverse.square().sum(0) - entropy(logvar)
