"""One service at several addresses: each request goes to the next that can be reached."""

from collections.abc import Sequence
from itertools import count
from typing import Final

import httpx

IDLE_S: Final = 10.0
"""Less than a listener's `keep_alive_s`, so that we let go of a connection before it does."""


def transport_to(addresses: Sequence[str], *, connections: int) -> "SeveralAddresses":
    """Return what sends requests to these addresses over at most so many connections."""
    limits = httpx.Limits(max_connections=connections, keepalive_expiry=IDLE_S)
    return SeveralAddresses(addresses, httpx.AsyncHTTPTransport(limits=limits, trust_env=False))


class SeveralAddresses(httpx.AsyncBaseTransport):
    """Passes over an address that takes no connection; nothing was sent there yet, so that is safe.

    What happens after a connection was made is the caller's to judge.
    """

    def __init__(self, addresses: Sequence[str], inner: httpx.AsyncBaseTransport) -> None:
        """`addresses` are one or more of `http://host:port`."""
        self._addresses = [httpx.URL(one) for one in addresses]
        self._inner = inner
        self._turn = count()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        first = next(self._turn)
        refused: httpx.TransportError = httpx.ConnectError("there is no address")
        for step in range(len(self._addresses)):
            address = self._addresses[(first + step) % len(self._addresses)]
            request.url = request.url.copy_with(
                scheme=address.scheme, host=address.host, port=address.port
            )
            try:
                return await self._inner.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as reason:
                refused = reason
        raise refused

    async def aclose(self) -> None:
        await self._inner.aclose()
