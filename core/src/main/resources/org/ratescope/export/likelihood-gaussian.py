class Likelihood:
    """Gaussian with a fixed variance; the decoder gives the mean."""

    VARIANCE = <<variance>>

    def distortion(self, output, x):
        """-log p(x|z) = |x - mean|^2 / (2 variance) + D/2 log(2 pi variance). -> (N,)"""
        square = (x.reshape(output.shape) - output).square().flatten(1)
        constant = 0.5 * square.shape[1] * math.log(2 * math.pi * self.VARIANCE)
        return square.sum(1) * (0.5 / self.VARIANCE) + constant

    def mean(self, output):
        return output

    def sample(self, output):
        return output + math.sqrt(self.VARIANCE) * torch.randn_like(output)
