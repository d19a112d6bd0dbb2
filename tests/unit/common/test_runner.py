"""A process starts everything, ends for a reason, and leaves in order."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog

from libs.common.errors import Unavailable
from libs.common.runner import FAILED, INTERRUPTED, STOPPED, RunSettings
from libs.common.service import Address, Worker
from libs.common.settings import rows
from libs.common.starting import CannotStart
from tests.unit.common.living import Diary, failures, for_ever, live, service, terminate
from tests.unit.common.speaking import written_logs


async def test_everything_happens_in_order() -> None:
    diary = Diary()
    rooms = service(
        workers=[Worker("relay", diary.works)],
        on_start=[diary.writes("rooms starts"), diary.writes("rooms warms up")],
        on_drain=[diary.writes("rooms drains")],
        on_stop=[diary.writes("rooms forgets"), diary.writes("rooms writes back")],
    )
    auth = service(
        "auth", on_start=[diary.writes("auth starts")], on_stop=[diary.writes("auth closes")]
    )

    status = await live(rooms, auth, announce=lambda _: diary.entries.append("announced"))

    assert status == STOPPED
    assert diary.entries[:3] == ["rooms starts", "rooms warms up", "auth starts"]
    assert set(diary.entries[3:5]) == {"announced", "relay works"}
    assert diary.entries[5:] == [
        "rooms drains",
        "relay stops",
        "auth closes",
        "rooms writes back",
        "rooms forgets",
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_well(number: signal.Signals) -> None:
    assert await live(service(), announce=lambda _: os.kill(os.getpid(), number)) == STOPPED


async def test_signals_are_given_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)

    await live(service())

    assert signal.getsignal(signal.SIGTERM) == before


async def breaks() -> None:
    raise RuntimeError("the broker is gone")


async def ends() -> None:
    pass


@pytest.mark.parametrize(("worker", "event"), [(breaks, "worker_died"), (ends, "worker_ended")])
async def test_a_worker_that_ends_takes_the_process_with_it(worker: Any, event: str) -> None:
    diary = Diary()
    rooms = service(
        workers=[Worker("relay", worker), Worker("other", for_ever)],
        on_stop=[diary.writes("rooms closes")],
    )

    with written_logs() as lines:
        status = await live(rooms, announce=lambda _: None)

    assert status == FAILED
    assert diary.entries == ["rooms closes"]
    (line,) = lines.of(event)
    assert (line["service"], line["worker"]) == ("rooms", "relay")
    assert ("exception" in line) is (event == "worker_died")


def refused() -> Exception:
    return CannotStart("The broker refuses: grant the right.")


def unavailable() -> Exception:
    reason = Unavailable()
    reason.__cause__ = OSError("nobody listens")
    return reason


@pytest.mark.parametrize(
    ("what", "told"),
    [(refused, "The broker refuses: grant the right."), (unavailable, "nobody listens")],
)
@pytest.mark.parametrize("place", ["start", "worker"])
async def test_what_others_have_to_mend_is_told_in_one_line(
    what: Callable[[], Exception], told: str, place: str
) -> None:
    async def fails() -> None:
        raise what()

    rooms = (
        service(on_start=[fails]) if place == "start" else service(workers=[Worker("relay", fails)])
    )
    with written_logs() as lines:
        status = await live(rooms, announce=lambda _: None)

    assert status == FAILED
    (line,) = lines.of("service_start_failed" if place == "start" else "worker_died")
    assert line["service"] == "rooms"
    assert line["reason"] == told
    assert "exception" not in line


async def test_a_service_that_does_not_start_ends_the_process_and_is_closed_too() -> None:
    diary = Diary()
    begun = service("auth", on_stop=[diary.writes("auth closes")])
    broken = service(on_start=[breaks], on_stop=[diary.writes("rooms closes")])
    never = service("messages", on_stop=[diary.writes("messages closes")])

    with written_logs() as lines:
        status = await live(begun, broken, never)

    assert status == FAILED
    assert failures(lines) == [("service_start_failed", "rooms")]
    assert diary.entries == ["rooms closes", "auth closes"]


async def test_a_start_that_takes_too_long_is_given_up() -> None:
    with written_logs() as lines:
        assert await live(service(on_start=[for_ever]), start_timeout_s=0.01) == FAILED

    assert failures(lines) == [("service_start_failed", "rooms")]


async def test_a_signal_ends_a_start_that_is_still_going_on() -> None:
    async def wait() -> None:
        terminate()
        await for_ever()

    assert await live(service(on_start=[wait])) == STOPPED


async def test_a_step_of_leaving_that_fails_or_hangs_does_not_keep_the_others() -> None:
    diary = Diary()
    rooms = service(
        on_drain=[breaks, for_ever, diary.writes("drains")],
        on_stop=[diary.writes("closes"), breaks, for_ever],
    )

    with written_logs() as lines:
        assert await live(rooms) == STOPPED

    assert diary.entries == ["drains", "closes"]
    assert failures(lines) == [("stop_step_failed", "rooms")] * 4


async def test_a_worker_that_does_not_let_go_is_told_about_and_left() -> None:
    async def stubborn() -> None:
        terminate()
        for _ in range(2):
            try:
                await for_ever()
            except asyncio.CancelledError:
                continue

    with written_logs() as lines:
        assert await live(service(workers=[Worker("relay", stubborn)])) == STOPPED
        await asyncio.sleep(0)

    (line,) = lines.of("task_stuck")
    assert line["task"] == "relay"


async def test_an_announcement_that_fails_ends_the_process_in_order() -> None:
    diary = Diary()

    def announce(_: Sequence[Address]) -> None:
        raise RuntimeError("stdout is gone")

    with pytest.raises(RuntimeError, match="stdout is gone"):
        await live(service(on_stop=[diary.writes("rooms closes")]), announce=announce)

    assert diary.entries == ["rooms closes"]


async def test_workers_and_hooks_speak_for_their_own_service() -> None:
    async def speaks() -> None:
        structlog.get_logger().info("something_done")
        terminate()
        await for_ever()

    with written_logs() as lines:
        await live(
            service("rooms", workers=[Worker("relay", speaks)]),
            service("auth", workers=[Worker("mail", speaks)]),
        )

    said = {(line["service"], line["worker"]) for line in lines.of("something_done")}
    assert said == {("rooms", "relay"), ("auth", "mail")}


IMPATIENT = """
import asyncio, sys
from libs.common.clock import SystemClock
from libs.common.http.health import Readiness
from libs.common.runner import RunSettings, run
from libs.common.service import Service

async def drain():
    print("draining", flush=True)
    await asyncio.Event().wait()

async def main():
    service = Service("rooms", Readiness({}, timeout_s=1), on_drain=[drain])
    return await run(
        [service], RunSettings(), clock=SystemClock(), announce=lambda _: print("up", flush=True)
    )

sys.exit(asyncio.run(main()))
"""


async def test_a_second_ctrl_c_ends_the_process_at_once() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IMPATIENT, stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        while b"up" not in await process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        while b"draining" not in await process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)

        assert await process.wait() == INTERRUPTED


def test_every_setting_is_described() -> None:
    assert all(row.description for row in rows(RunSettings, ""))
