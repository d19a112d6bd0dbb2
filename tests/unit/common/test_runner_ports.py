"""Ports are bound before anything starts, and answer until everything is finished."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest

from libs.common.http.endpoint import Endpoint
from libs.common.listeners import CannotListen, Listener
from libs.common.runner import FAILED, STOPPED
from libs.common.service import Address, Service
from tests.unit.common.living import Diary, failures, live, service, terminate
from tests.unit.common.speaking import written_logs
from tests.unit.common.web import AS_ALICE, Site

HERE = "127.0.0.1"


def site_on(port: int, *endpoints: Endpoint) -> Service:
    site = Site(*endpoints)
    ports = [
        Listener("public", site.public(), HERE, port, setting="PORT"),
        Listener("internal", site.internal(), HERE, 0, setting="INTERNAL_PORT"),
    ]
    return Service("rooms", site.readiness, listeners=ports)


async def test_both_ports_answer_once_they_are_announced() -> None:
    rooms = site_on(0)
    answers: list[tuple[str, int]] = []

    async def ask(addresses: Sequence[Address]) -> None:
        async with httpx.AsyncClient(trust_env=False) as probe:
            for address in addresses:
                url = f"http://{address.host}:{address.port}/metrics"
                answers.append((address.listener, (await probe.get(url)).status_code))
        terminate()

    asking: set[asyncio.Task[None]] = set()
    status = await live(rooms, announce=lambda found: asking.add(asyncio.create_task(ask(found))))

    assert status == STOPPED
    assert answers == [("public", 404), ("internal", 200)]


async def test_requests_that_are_being_answered_finish_and_probes_hear_of_the_end() -> None:
    entered, leave, told = asyncio.Event(), asyncio.Event(), asyncio.Event()
    heard: list[int] = []

    async def slow() -> None:
        """Take a while."""
        entered.set()
        await leave.wait()

    async def wait_for_probe() -> None:
        await told.wait()

    rooms = replace(site_on(0, Endpoint("POST", "/v1/slow", slow)), on_drain=[wait_for_probe])

    async def ask(addresses: Sequence[Address]) -> None:
        public = f"http://{HERE}:{addresses[0].port}"
        async with httpx.AsyncClient(trust_env=False, base_url=public) as alice:
            slowly = asyncio.create_task(alice.post("/v1/slow", headers=AS_ALICE))
            await entered.wait()
            terminate()
            while (ready := await alice.get("/readyz")).status_code == 200:
                pass
            heard.append(ready.status_code)
            told.set()
            leave.set()
            heard.append((await slowly).status_code)

    asking: set[asyncio.Task[None]] = set()
    status = await live(
        rooms,
        announce=lambda found: asking.add(asyncio.create_task(ask(found))),
        drain_timeout_s=5,
    )

    assert status == STOPPED
    assert heard == [503, 204]


async def test_a_taken_port_ends_the_process_before_anything_starts() -> None:
    diary = Diary()
    auth = service("auth", on_start=[diary.writes("auth starts")])
    with socket.create_server((HERE, 0)) as taken:
        rooms = site_on(taken.getsockname()[1])
        with pytest.raises(CannotListen, match="set PORT="):
            await live(auth, rooms)

    assert diary.entries == []


async def test_a_port_that_is_snatched_during_the_start_ends_the_process() -> None:
    with socket.create_server((HERE, 0)) as free:
        port = free.getsockname()[1]
    snatched = socket.socket()
    snatched.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

    async def snatch() -> None:
        snatched.bind((HERE, port))
        snatched.listen()

    site = Site()
    public = Listener("public", site.public(), HERE, port, setting="PORT")
    with snatched, written_logs() as lines:
        status = await live(service(listeners=[public], on_start=[snatch]))

    assert status == FAILED
    assert failures(lines) == [("listener_died", "rooms")]
