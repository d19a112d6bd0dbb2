"""Asks providers: a short answer, in time, from exactly the address that was asked.

Which addresses may be asked is decided in `services.auth.core.identities.metadata`. Here nothing is
followed, nothing is unpacked, no cookie is kept and no proxy of the environment is used.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final

import httpx

from services.auth.core.identities.refusals import IdentityInvalid, ProviderUnavailable
from services.auth.settings.identity import IdentitySettings

PLAIN: Final = "identity"
"""What is not packed has the length that it has."""


class Bounded(httpx.AsyncBaseTransport):
    """Reads answers whole, if they are short, and lets none send us elsewhere."""

    def __init__(self, inner: httpx.AsyncBaseTransport, *, max_bytes: int) -> None:
        self._inner = inner
        self._max_bytes = max_bytes

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["accept-encoding"] = PLAIN
        response = await self._inner.handle_async_request(request)
        try:
            if response.is_redirect:
                raise httpx.RemoteProtocolError("answers with a redirect", request=request)
            if response.headers.get("content-encoding", PLAIN) != PLAIN:
                raise httpx.RemoteProtocolError("answers packed", request=request)
            content = await self._read(response, request)
        finally:
            await response.aclose()
        return httpx.Response(
            response.status_code, headers=response.headers, content=content, request=request
        )

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _read(self, response: httpx.Response, request: httpx.Request) -> bytes:
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > self._max_bytes:
                raise httpx.RemoteProtocolError("answers too much", request=request)
        return bytes(content)


class Fetching:
    """Makes connections to providers; each lives for one exchange."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._timeout_s = settings.fetch_timeout_s
        self._max_bytes = settings.fetch_max_bytes

    @asynccontextmanager
    async def transport(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Lend a way to a provider, for as long as one exchange may take.

        Raises: ProviderUnavailable, whatever goes wrong on the way.
        """
        inner = httpx.AsyncHTTPTransport(verify=self._trust, trust_env=False)
        try:
            async with asyncio.timeout(self._timeout_s), inner:
                yield Bounded(inner, max_bytes=self._max_bytes)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ssl.SSLError, OSError) as error:
            raise ProviderUnavailable from error

    async def post(self, url: str, form: bytes, *, headers: Mapping[str, str]) -> httpx.Response:
        """Send a form and return the answer, whatever its status.  Raises: ProviderUnavailable."""
        async with self.transport() as transport:
            request = httpx.Request("POST", url, content=form, headers=headers)
            return await transport.handle_async_request(request)

    async def get(self, url: str, *, token: str | None = None) -> bytes:
        """Return what stands at an address; `token` is shown there.

        Raises: ProviderUnavailable.
        """
        headers = {"accept": "application/json"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        async with self.transport() as transport:
            request = httpx.Request("GET", url, headers=headers)
            response = await transport.handle_async_request(request)
            if response.status_code != HTTPStatus.OK:
                raise httpx.RemoteProtocolError(f"answers {response.status_code}", request=request)
            return response.content

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """The certificates that the machine trusts, read once: that takes some 20 ms."""
        return ssl.create_default_context()


def json_object(document: bytes) -> dict[str, Any]:
    """Return what a provider says.  Raises: IdentityInvalid, when it is no object in JSON."""
    try:
        said = json.loads(document)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise IdentityInvalid("the provider's answer cannot be read")
    return said
