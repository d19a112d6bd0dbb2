"""A gateway passes requests on where no proxy stands in front."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.split.forward import Forward

ANSWER = (b"piece by ", b"piece")


class Behind(httpx.AsyncBaseTransport):
    """The service behind: notes what reaches it, and answers as it is told to."""

    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []
        self.bodies: list[bytes] = []
        self.status = 200
        self.headers: list[tuple[str, str]] = []
        self.is_away = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("refused")
        self.seen.append(request)
        self.bodies.append(await request.aread())
        return httpx.Response(self.status, headers=self.headers, content=self._content())

    async def _content(self) -> AsyncIterator[bytes]:
        for piece in ANSWER:
            yield piece


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
async def alice(behind: Behind) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks to the gateway."""
    front = httpx.ASGITransport(app=Forward("rooms", behind), client=("192.0.2.7", 1234))
    async with httpx.AsyncClient(transport=front, base_url="https://chat.example.org") as http:
        yield http


async def test_a_request_arrives_as_it_was_sent(behind: Behind, alice: httpx.AsyncClient) -> None:
    await alice.post("/v1/rooms/a%2Fb?limit=5&q=%20", json={"title": "Garden"})

    request = behind.seen[0]
    assert (request.method, request.url.raw_path) == ("POST", b"/v1/rooms/a%2Fb?limit=5&q=%20")
    assert behind.bodies == [b'{"title":"Garden"}']
    assert request.headers["host"] == "chat.example.org"
    assert request.headers["content-type"] == "application/json"


async def test_a_header_is_passed_on_without_the_blanks_around_its_value(
    behind: Behind, alice: httpx.AsyncClient
) -> None:
    headers = [(b"authorization", b"Bearer "), (b"x-name", " José\t".encode("latin-1"))]

    await alice.get("/v1/rooms", headers=headers)

    arrived = dict(behind.seen[0].headers.raw)
    assert arrived[b"authorization"] == b"Bearer"
    assert arrived[b"x-name"] == "José".encode("latin-1")


async def test_the_service_learns_who_asked_and_how(
    behind: Behind, alice: httpx.AsyncClient
) -> None:
    await alice.get("/v1/rooms", headers={"X-Forwarded-For": "203.0.113.9"})

    assert behind.seen[0].headers.get_list("x-forwarded-for") == ["192.0.2.7"]
    assert behind.seen[0].headers["x-forwarded-proto"] == "https"


async def test_what_belongs_to_one_hop_goes_no_further(
    behind: Behind, alice: httpx.AsyncClient
) -> None:
    behind.headers = [("connection", "close"), ("x-kept", "yes")]

    answer = await alice.get("/v1/rooms", headers={"Connection": "keep-alive", "TE": "trailers"})

    assert "te" not in behind.seen[0].headers
    assert "connection" not in answer.headers
    assert answer.headers["x-kept"] == "yes"


async def test_a_request_without_a_body_stays_without(
    behind: Behind, alice: httpx.AsyncClient
) -> None:
    await alice.get("/v1/rooms")

    assert not {"content-length", "transfer-encoding"} & set(behind.seen[0].headers)


async def test_the_answer_comes_back_as_it_was_given(
    behind: Behind, alice: httpx.AsyncClient
) -> None:
    behind.status = 403
    behind.headers = [("set-cookie", "a=1"), ("set-cookie", "b=2")]

    answer = await alice.get("/v1/rooms")

    assert (answer.status_code, answer.content) == (403, b"piece by piece")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


async def test_a_service_that_is_away_is_unavailable(
    behind: Behind, alice: httpx.AsyncClient
) -> None:
    behind.is_away = True

    answer = await alice.get("/v1/rooms")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
