"""HTTP clients of the server under test."""

import ssl
from functools import cache
from typing import Final

import httpx

TIMEOUT_S: Final = 40.0
"""Longer than a poll is held."""


def client(url: str, *, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    """Return one that sends to `url`; close it."""
    return httpx.AsyncClient(
        base_url=url, headers=headers, timeout=TIMEOUT_S, trust_env=False, verify=_authorities()
    )


@cache
def _authorities() -> ssl.SSLContext:
    """Return who is believed to know servers. To read them anew for each client takes 20 ms."""
    return ssl.create_default_context()
