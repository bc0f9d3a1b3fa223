-- The marginal KL against β by prior, on the test set: what of the rate is the prior's mismatch.
from curves_by_prior(['marginalKl', 'marginalKlBatch'])
