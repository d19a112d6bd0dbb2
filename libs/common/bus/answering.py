"""The owner's side of an answer: acks and refusals as frames, and where hopeless commands end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from libs.common.bus.interface import Bus, Delivery, Outgoing
from libs.common.bus.topology import DEAD, DEAD_KEY, REPLY
from libs.common.contracts.commands import COMMAND_BATCH, Command, encode_commands
from libs.common.contracts.events import ANSWER_BATCH, Answer, encode_batch
from libs.common.contracts.frames import Ack, ErrorFrame
from libs.common.errors import ChatError
from libs.common.times import rfc3339

UNREADABLE: Final = "unreadable"
"""Why a delivery is a dead letter that nobody could make sense of."""


def acked(command: Command, result: Mapping[str, Any], *, now: float) -> Answer | None:
    """Return the positive answer, or None when nobody waits for one."""
    if command.ref is None:
        return None
    frame = Ack(ts=_stamp(now), ref=command.ref, data=dict(result))
    return Answer(command.connection, command.ref, frame.encode())


def refused(command: Command, error: ChatError, *, now: float) -> Answer | None:
    """Return the negative answer, or None when nobody waits for one."""
    if command.ref is None:
        return None
    frame = ErrorFrame(ts=_stamp(now), ref=command.ref, data=error.body())
    return Answer(command.connection, command.ref, frame.encode())


async def publish_answers(
    bus: Bus, answers: Sequence[tuple[Command, Answer | None]], *, timeout_s: float
) -> None:
    """Send each answer to the instance that asked; one that is gone misses nothing.

    Raises: Unavailable.
    """
    by_origin: dict[str, list[Answer]] = defaultdict(list)
    for command, answer in answers:
        if answer is not None and command.origin:
            by_origin[command.origin].append(answer)
    for origin, batch in by_origin.items():
        await bus.publish(
            Outgoing(REPLY, origin, ANSWER_BATCH, encode_batch(batch)), timeout_s=timeout_s
        )


async def bury(
    bus: Bus, command: Command, *, reason: str, error_id: str, now: float, timeout_s: float
) -> None:
    """Lay a command among the dead letters and tell its sender that the fault is ours.

    Raises: Unavailable.
    """
    body = encode_commands([command])
    letter = Outgoing(DEAD, DEAD_KEY, COMMAND_BATCH, body, reason=reason)
    await bus.publish(letter, timeout_s=timeout_s)
    answer = refused(command, ChatError(error_id=error_id), now=now)
    await publish_answers(bus, [(command, answer)], timeout_s=timeout_s)


async def bury_delivery(bus: Bus, delivery: Delivery, *, reason: str, timeout_s: float) -> None:
    """Lay a whole delivery among the dead letters, as it came; nobody can be told.

    Raises: Unavailable.
    """
    letter = Outgoing(DEAD, DEAD_KEY, delivery.type, delivery.body, reason=reason)
    await bus.publish(letter, timeout_s=timeout_s)


@lru_cache(maxsize=1)
def _stamp(now: float) -> str:
    """Return the time as frames carry it; the answers of one batch share it."""
    return rfc3339(now)
