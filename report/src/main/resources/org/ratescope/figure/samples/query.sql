-- Samples of the prior by beta.
from sheets(['samples'])
