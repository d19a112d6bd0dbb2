"""A callee that is away, slow or gone costs its caller no more than the time it has."""

import asyncio

import httpx
import pytest

from libs.common.errors import TimedOut, Unavailable
from libs.common.http import deadline
from tests.support.clock import SetClock
from tests.unit.common.calling import Answer, Question, client_over


class Away(httpx.AsyncBaseTransport):
    """Cannot be reached for the first `times` tries."""

    def __init__(self, times: int, reason: type[httpx.TransportError]) -> None:
        self.tries = 0
        self._times = times
        self._reason = reason

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.tries += 1
        if self.tries <= self._times:
            raise self._reason("refused", request=request)
        return httpx.Response(200, content=b'{"text": "back"}')


async def get_patiently(transport: Away) -> Answer:
    clock = SetClock()
    async with client_over(transport, clock) as client:
        asking = asyncio.create_task(client.get("/internal/x", Answer))
        for _ in range(3):
            await clock.advance(0.05)
        return await asking


@pytest.mark.parametrize("reason", [httpx.ConnectError, httpx.ConnectTimeout])
async def test_a_get_that_found_no_connection_is_tried_twice_more(
    reason: type[httpx.TransportError],
) -> None:
    assert (await get_patiently(Away(2, reason))).text == "back"

    gone = Away(9, reason)
    with pytest.raises(Unavailable):
        await get_patiently(gone)
    assert gone.tries == 3


async def test_a_get_that_was_under_way_is_not_repeated() -> None:
    transport = Away(1, httpx.ReadError)

    with pytest.raises(Unavailable):
        await get_patiently(transport)

    assert transport.tries == 1


async def test_a_post_is_sent_once() -> None:
    transport = Away(1, httpx.ConnectError)

    async with client_over(transport) as client:
        with pytest.raises(Unavailable):
            await client.post("/internal/x", Answer, body=Question(text="tea"))

    assert transport.tries == 1


class Silence(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_callee_that_does_not_answer_is_given_up_in_time() -> None:
    async with client_over(Silence(), internal_timeout_s=0.01) as client:
        with pytest.raises(TimedOut):
            await client.get("/internal/x", Answer)


async def test_the_callers_own_deadline_comes_first() -> None:
    async with client_over(Silence(), internal_timeout_s=60) as client:
        with pytest.raises(TimedOut):
            async with deadline.within(0.01):
                await client.get("/internal/x", Answer)


async def test_waiting_to_try_again_counts_as_time() -> None:
    async with client_over(Away(9, httpx.ConnectError), internal_timeout_s=0.01) as client:
        with pytest.raises(TimedOut):
            await client.get("/internal/x", Answer)
