class Likelihood:
    """Bernoulli over pixels in [0, 1]; the decoder gives logits."""

    def distortion(self, output, x):
        """-log p(x|z) = sum of softplus(logit) - x logit. -> (N,)"""
        return (F.softplus(output) - x.reshape(output.shape) * output).flatten(1).sum(1)

    def mean(self, output):
        return torch.sigmoid(output)

    def sample(self, output):
        return torch.bernoulli(torch.sigmoid(output))
