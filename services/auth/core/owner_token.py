"""The link that makes the first owner of a new server.

Its token is random (256 bits), stands behind the `#`, which browsers keep to themselves, and only
its hash is stored. Who merely registers first becomes nothing.
"""

import hashlib


def hashed(token: str) -> bytes:
    """Return what is stored of a token. It cannot be guessed, so SHA-256 is enough."""
    return hashlib.sha256(token.encode()).digest()


def link(public_url: str, token: str) -> str:
    """Return the address to open."""
    return f"{public_url}/setup#token={token}"
