"""P39: a server that is told to stop sends its clients away and loses nothing."""

import asyncio
from contextlib import AsyncExitStack
from typing import Final

import httpx

from hubbub_client.frames import Frame, Json
from tests.conformance.case import Case
from tests.conformance.clause import Clause, Skipped, expect, expect_equal
from tests.conformance.http import client
from tests.conformance.socket_way import SocketDevice, ready_device

MESSAGES: Final = 10
LISTENERS: Final = 3
WINDOW_S: Final = 30.0
"""Over how long clients are sent away, at most."""

EXIT_S: Final = WINDOW_S + 10.0
BACK_S: Final = 60.0
LOOK_S: Final = 0.05


async def it_sends_everybody_away_and_loses_nothing(case: Case) -> None:
    command = case.options.stop_command
    if command is None:
        raise Skipped("needs a way to stop the server: --stop-command COMMAND")
    room = await case.room()
    async with AsyncExitStack() as opened:
        devices = [
            await opened.enter_async_context(ready_device(case.alice)) for _ in range(LISTENERS)
        ]
        refs = await _send_without_waiting(case, devices[0], room)
        stopping = await asyncio.create_subprocess_shell(command)
        farewells = [await device.hear("reconnect", within_s=WINDOW_S) for device in devices]
        _check(farewells)
        codes = [(await one.wire.closed(within_s=EXIT_S))[0] for one in devices]
        expect_equal(set(codes), {1012}, "all closed with")
        answers = [one for one in devices[0].frames if one.ref in refs]
    expect_equal({one.ref for one in answers}, set(refs), "an answer to each,")
    await stopping.wait()
    await _is_gone(case)
    history = {one["id"]: one["seq"] for one in await _history_afterwards(case, room)}
    acks = {one.data["message_id"]: one.data["seq"] for one in answers if one.type == "ack"}
    expect(acks.items() <= history.items(), "everything acknowledged in the history", acks)


async def _send_without_waiting(case: Case, device: SocketDevice, room: str) -> list[str]:
    refs = [f"last-{at}" for at in range(MESSAGES)]
    for ref in refs:
        await case.alice.sends.turn()
        data = {"room_id": room, "client_msg_id": ref, "content": ref}
        await device.wire.tell("send_message", ref, **data)
    return refs


def _check(farewells: list[Frame]) -> None:
    for farewell in farewells:
        expect_equal(farewell.data["reason"], "drain", "`reconnect` with the reason")
        after_ms = farewell.data["after_ms"]
        expect(0 <= after_ms <= WINDOW_S * 1000, f"at most {WINDOW_S:g} s", farewell)


async def _is_gone(case: Case) -> None:
    """Return once nothing takes connections at the address. Raises: TimeoutError."""
    async with asyncio.timeout(EXIT_S), client(case.options.url) as http:
        while True:
            try:
                await http.get("/readyz")
            except httpx.TransportError:
                return
            await asyncio.sleep(LOOK_S)


async def _history_afterwards(case: Case, room: str) -> list[Json]:
    """Read at the other gateway, or at the same address once somebody answers there again."""
    async with asyncio.timeout(BACK_S), client(case.anywhere) as http:
        path = f"/v1/rooms/{room}/messages?limit=100"
        while True:
            try:
                answer = await http.get(path, headers=case.alice.bearer)
                if answer.is_success:
                    return list(answer.json()["items"])
            except httpx.TransportError:
                pass
            await asyncio.sleep(LOOK_S)


CLAUSES: Final = (
    Clause(
        "P39",
        "SIGTERM: `reconnect` to all, no ack is lost, all are closed with 1012, it ends in time",
        it_sends_everybody_away_and_loses_nothing,
        people=1,
        within_s=2 * EXIT_S + BACK_S,
        is_alone=True,
    ),
)
