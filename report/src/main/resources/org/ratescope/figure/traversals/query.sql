-- Traversals of single latents by beta.
from sheets(['traversals'])
