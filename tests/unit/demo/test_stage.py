"""Services live for as long as the story is told, and a death among them ends it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from libs.common.http.health import Readiness
from libs.common.service import Service, Worker
from services.demo.stage import living


class Diary:
    def __init__(self) -> None:
        self.entries: list[str] = []

    def writes(self, entry: str) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            self.entries.append(entry)

        return write


class Died(Exception):
    """What a worker dies of."""


async def for_ever() -> None:
    await asyncio.Event().wait()


async def dies() -> None:
    raise Died


def service(name: str, diary: Diary, worker: Worker | None = None) -> Service:
    return Service(
        name,
        Readiness({}, timeout_s=1.0),
        workers=[worker] if worker else [],
        on_start=[diary.writes(f"{name} starts")],
        on_stop=[diary.writes(f"{name} stops")],
    )


async def test_services_start_in_order_and_stop_in_the_opposite() -> None:
    diary = Diary()

    async with living([service("one", diary), service("two", diary)]):
        diary.entries.append("lived")

    assert diary.entries == ["one starts", "two starts", "lived", "two stops", "one stops"]


async def test_workers_work_while_the_block_lasts() -> None:
    working = asyncio.Event()
    ended = asyncio.Event()

    async def work() -> None:
        working.set()
        try:
            await for_ever()
        finally:
            ended.set()

    async with living([service("one", Diary(), Worker("work", work))]):
        await working.wait()
        had_ended = ended.is_set()

    assert not had_ended
    assert ended.is_set()


async def test_a_worker_that_dies_ends_the_block_and_says_why() -> None:
    diary = Diary()

    with pytest.raises(Died):
        async with living([service("one", diary, Worker("work", dies))]):
            await for_ever()

    assert diary.entries == ["one starts", "one stops"]


async def test_what_fails_in_the_block_comes_through_as_it_is() -> None:
    with pytest.raises(KeyError, match="tea"):
        async with living([service("one", Diary(), Worker("work", for_ever))]):
            raise KeyError("tea")


async def test_a_service_that_does_not_start_is_stopped_with_those_before_it() -> None:
    diary = Diary()
    broken = Service(
        "two",
        Readiness({}, timeout_s=1.0),
        on_start=[dies],
        on_stop=[diary.writes("two stops")],
    )

    with pytest.raises(Died):
        async with living([service("one", diary), broken]):
            diary.entries.append("lived")

    assert diary.entries == ["one starts", "two stops", "one stops"]
