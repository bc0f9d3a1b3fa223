-- The log marginal likelihood of test images against β by prior; of several estimates the one that most runs have.
from curves_by_prior(['logMarginal', 'logMarginalQ', 'logMarginalAnnealed'])
