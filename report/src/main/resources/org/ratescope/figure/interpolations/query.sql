-- Interpolations between test images by beta.
from sheets(['interpolations'])
