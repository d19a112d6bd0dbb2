"""Ask the owner of a room or a person for something over the bus and wait for the one answer.

HTTP writes take this way, so that they meet the same queue, the same order and the same
idempotency as writes from a socket.
"""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID

import msgspec

from libs.common import tracing
from libs.common.bus.interface import Bus, Delivery, Inbox, Outgoing
from libs.common.bus.topology import COMMANDS
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    Payload,
    encode_commands,
    kind_of,
    write_payload,
)
from libs.common.contracts.events import ANSWER_BATCH, decode_answers
from libs.common.contracts.ids import CommandId, ConnectionId
from libs.common.contracts.people import Person
from libs.common.errors import TimedOut, error_from

Wish = Callable[[str, ConnectionId, str], Command]
"""Returns the command for whoever waits for the answer: `origin`, `connection` and `ref`."""


class Asker:
    """One instance's waiting room: commands go out, answers come back to its inbox."""

    def __init__(self, bus: Bus, inbox_name: str) -> None:
        self._bus = bus
        self._inbox_name = inbox_name
        self._inbox: Inbox | None = None
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._numbers = count(1)

    async def start(self) -> None:
        self._inbox = await self._bus.open_inbox(
            self._inbox_name, (), self._on_delivery, on_gap=lambda: None
        )

    async def stop(self) -> None:
        if self._inbox is not None:
            await self._inbox.close()

    async def ask(self, key: str, wish: Wish, *, timeout_s: float) -> bytes:
        """Send the command that is wished for; return the answer's frame.

        Raises: Unavailable (not sent), TimedOut (no answer within `timeout_s`: it may still be
        obeyed).
        """
        if self._inbox is None:
            raise RuntimeError("ask before start")
        ref = str(next(self._numbers))
        asked = wish(self._inbox.address, ConnectionId("http"), ref)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[ref] = answer
        try:
            async with asyncio.timeout(timeout_s):
                await self._bus.publish(
                    Outgoing(
                        COMMANDS, key, COMMAND_BATCH, encode_commands([asked]), is_mandatory=True
                    ),
                    timeout_s=timeout_s,
                )
                return await answer
        except TimeoutError:
            raise TimedOut from None
        finally:
            del self._waiting[ref]

    def _on_delivery(self, delivery: Delivery) -> None:
        if delivery.type != ANSWER_BATCH:
            return
        for answer in decode_answers(delivery.body):
            waiting = self._waiting.get(answer.ref)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer.frame)


def wish_of(
    person: Person,
    subject: UUID,
    payload: Payload,
    *,
    command_id: CommandId | None,
    deadline: float,
) -> Wish:
    """Return what somebody wants of a room or a person, as part of the request that is served.

    Without a `command_id` a repeat is another wish.
    """
    trace = tracing.current()

    def command(origin: str, connection: ConnectionId, ref: str) -> Command:
        return Command(
            kind=kind_of(payload),
            subject=subject,
            actor=person,
            command_id=command_id or CommandId(ref),
            ref=ref,
            origin=origin,
            connection=connection,
            request_id=trace.request_id if trace else "",
            traceparent=trace.traceparent if trace else "",
            deadline=deadline,
            payload=write_payload(payload),
        )

    return command


class _Answered(msgspec.Struct):
    type: str
    data: dict[str, Any]


_frames = msgspec.json.Decoder(_Answered)


def read_answer(frame: bytes) -> dict[str, Any]:
    """Return what an `ack` says.  Raises: the `ChatError` that an `error` frame stands for."""
    answered = _frames.decode(frame)
    if answered.type == "error":
        raise error_from(answered.data)
    return answered.data
