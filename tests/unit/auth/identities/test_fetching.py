"""What is taken from a provider, and what is not."""

import asyncio
import gzip

import httpx
import pytest

from services.auth.api.identities.fetching import Bounded, Fetching
from services.auth.core.identities.refusals import ProviderUnavailable
from services.auth.settings.identity import IdentitySettings
from tests.support.ports import free_port

URL = "http://127.0.0.1:1/keys"


class Answering(httpx.AsyncBaseTransport):
    """A provider that gives one answer, and keeps what it was asked."""

    def __init__(self, status: int = 200, content: bytes = b"{}", **headers: str) -> None:
        self.asked: list[httpx.Request] = []
        self._response = httpx.Response(
            status,
            stream=httpx.ByteStream(content),
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self._response


async def ask(answering: Answering) -> bytes:
    request = httpx.Request("GET", URL)
    response = await Bounded(answering, max_bytes=1_000).handle_async_request(request)
    return response.content


async def test_a_short_answer_is_taken_whole() -> None:
    assert await ask(Answering(content=b"a" * 1_000)) == b"a" * 1_000


async def test_a_long_answer_is_not() -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await ask(Answering(content=b"a" * 1_001))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_sends_us_elsewhere(status: int) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await ask(Answering(status, location="http://169.254.169.254/"))


async def test_nothing_packed_is_asked_for_or_taken() -> None:
    bomb = Answering(content=gzip.compress(b"a" * 10_000_000), content_encoding="gzip")

    with pytest.raises(httpx.RemoteProtocolError):
        await ask(bomb)
    assert bomb.asked[0].headers["accept-encoding"] == "identity"


async def test_a_provider_that_takes_its_time_is_not_waited_for() -> None:
    has_hung_up = asyncio.Event()

    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
        while await reader.read(1_000):
            pass
        writer.close()
        await writer.wait_closed()
        has_hung_up.set()

    async with await asyncio.start_server(begin, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        fetching = Fetching(IdentitySettings(fetch_timeout_s=0.2))
        with pytest.raises(ProviderUnavailable):
            await fetching.get(f"http://127.0.0.1:{port}/keys")
        await has_hung_up.wait()


async def test_a_provider_that_is_not_there_is_unavailable() -> None:
    fetching = Fetching(IdentitySettings())

    with pytest.raises(ProviderUnavailable):
        await fetching.get(f"http://127.0.0.1:{free_port()}/keys")
