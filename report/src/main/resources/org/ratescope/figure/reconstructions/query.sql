-- Test images and their reconstructions by beta.
from sheets(['images', 'reconstructions'])
