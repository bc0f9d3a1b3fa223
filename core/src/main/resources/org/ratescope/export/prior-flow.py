class Coupling(nn.Module):
    """s and t of an affine coupling, from the values that it keeps."""

    def __init__(self, latent, keeps):
        super().__init__()
        self.hidden = nn.Linear(latent, 64)
        self.output = nn.Linear(64, 2 * latent)
        kept = (torch.arange(latent) % 2 == keeps).to(torch.get_default_dtype())
        self.register_buffer("kept", kept, persistent=False)

    def forward(self, z):
        raw, t = self.output(torch.relu(self.hidden(z * self.kept))).chunk(2, 1)
        changed = 1 - self.kept
        return 2 * torch.tanh(0.5 * raw) * changed, t * changed


class Flow(Prior, nn.ModuleList):
    """Affine couplings f (Dinh et al. 2017): log N(f(z); 0, I) + log |det df/dz|."""

    def __init__(self, couplings, latent):
        nn.ModuleList.__init__(self, [Coupling(latent, i % 2) for i in range(couplings)])
        self.latent = latent

    def log_prob(self, z):
        log_det = 0
        for coupling in self:
            s, t = coupling(z)
            z = z * s.exp() + t
            log_det = log_det + s.sum(1)
        return log_det - 0.5 * (z.square() + LOG_TWO_PI).sum(1)

    def sample(self, n):
        z = torch.randn(n, self.latent, dtype=self[0].kept.dtype, device=self[0].kept.device)
        for coupling in reversed(self):
            s, t = coupling(z)
            z = (z - t) * torch.exp(-s)
        return z
