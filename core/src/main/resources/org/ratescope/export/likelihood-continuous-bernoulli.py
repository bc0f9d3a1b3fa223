class Likelihood:
    """Continuous Bernoulli over pixels in [0, 1] (Loaiza-Ganem and Cunningham 2019); the decoder gives logits."""

    def distortion(self, output, x):
        """-log p(x|z) = sum of softplus(logit) - x logit - log C, C = l / tanh(l / 2). -> (N,)"""
        square = output.square()
        series = ((31 / 90720 * square - 7 / 1440) * square + 1 / 12) * square + math.log(2)
        size = output.abs().clamp_min(0.1)
        log_c = torch.where(output.abs() < 0.1, series, torch.log(size / torch.tanh(0.5 * size)))
        return (F.softplus(output) - x.reshape(output.shape) * output - log_c).flatten(1).sum(1)

    def mean(self, output):
        near = output.abs() < 0.1
        square = output.square()
        series = ((square / 30240 - 1 / 720) * square + 1 / 12) * output + 0.5
        away = torch.where(near, torch.ones_like(output), output)
        return torch.where(near, series, -1 / torch.expm1(-away) - 1 / away)

    def sample(self, output):
        """By inversion: x at l is 1 - x at -l."""
        u = torch.rand_like(output)
        l = -output.abs().clamp_min(1e-6)
        x = torch.log1p(u * torch.expm1(l)) / l
        return torch.where(output < 0, x, 1 - x)
