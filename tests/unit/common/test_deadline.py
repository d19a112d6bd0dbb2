"""Nobody works for a caller who has given up."""

import asyncio
from contextlib import suppress

import pytest

from libs.common.errors import TimedOut
from libs.common.http import deadline
from libs.common.http.endpoint import Endpoint
from tests.unit.common.web import AS_ROOMS, Site, browser


async def test_what_takes_longer_is_cut_off() -> None:
    with pytest.raises(TimedOut):
        async with deadline.within(0.001):
            await asyncio.Event().wait()


async def test_what_is_left_shrinks_and_never_goes_below_nothing() -> None:
    assert deadline.remaining_s() is None
    async with deadline.within(100):
        left = deadline.remaining_s()
        assert left is not None
        assert 99 < left <= 100
    with suppress(TimedOut):
        async with deadline.within(0):
            assert deadline.remaining_s() == 0
    assert deadline.remaining_s() is None


async def test_an_inner_limit_cannot_be_longer_than_the_outer_one() -> None:
    async with deadline.within(10), deadline.within(1000):
        left = deadline.remaining_s()

    assert left is not None
    assert left <= 10


async def test_work_for_somebody_new_begins_without_a_limit() -> None:
    async with deadline.within(10):
        with deadline.anew():
            assert deadline.remaining_s() is None
        assert deadline.remaining_s() is not None


async def test_a_timeout_of_somebody_else_passes() -> None:
    with pytest.raises(TimeoutError):
        async with deadline.within(100):
            raise TimeoutError


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("1500", 1.5),
        ("0", 0.0),
        (None, None),
        ("", None),
        ("-1", None),
        ("1e3", None),
        ("9" * 10, None),
    ],
)
def test_a_budget_is_read_in_milliseconds(header: str | None, seconds: float | None) -> None:
    assert deadline.parse_ms(header) == seconds


async def linger() -> None:
    """Wait for ever."""
    await asyncio.Event().wait()


async def test_an_internal_endpoint_gives_up_when_its_caller_does() -> None:
    site = Site(Endpoint("POST", "/internal/x", linger, admits={"rooms"}))

    async with browser(site.internal(), headers=AS_ROOMS) as rooms:
        answer = await rooms.post("/internal/x", headers={"x-deadline-ms": "5"})

    assert (answer.status_code, answer.json()["code"]) == (504, "timeout")


async def test_a_public_endpoint_does_not_let_clients_set_its_time() -> None:
    async def quick() -> None:
        """Take a turn or two."""
        await asyncio.sleep(0)

    site = Site(Endpoint("POST", "/v1/x", quick))

    async with browser(site.public()) as alice:
        answer = await alice.post(
            "/v1/x", headers={"x-deadline-ms": "0", "authorization": "Bearer alice"}
        )

    assert answer.status_code == 204
