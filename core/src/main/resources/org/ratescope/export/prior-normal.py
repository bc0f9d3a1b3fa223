class Normal(Prior):
    """N(0, I)."""

    def __init__(self, latent):
        super().__init__()
        self.latent = latent
        self.register_buffer("zero", torch.zeros(()), persistent=False)  # its type and device

    def log_prob(self, z):
        return -0.5 * (z.square() + LOG_TWO_PI).sum(1)

    def sample(self, n):
        return torch.randn(n, self.latent, dtype=self.zero.dtype, device=self.zero.device)

    def rate(self, mean, logvar, z):
        """KL(q(z|x) || p(z)) in closed form. -> (N,)"""
        return 0.5 * (logvar.exp() + mean.square() - 1 - logvar).sum(1)
