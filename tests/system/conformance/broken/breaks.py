"""Ways in which a program can be wrong: each takes the place of something that is right.

While it is switched on the wrong one is called, with the right one before its arguments.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import Any, Final

from tests.system.conformance.broken.switch import Switch

Right = Callable[..., Any]

LATE_S: Final = 0.2
EVERY: Final = 5
"""Of events so many apart one goes wrong."""

ENOUGH: Final = 10
"""A limit that is ignored is so many times higher, not gone: a test has an end."""

_late: list["asyncio.Task[None]"] = []
_count = [0]


def hasty_write(write: Right, store: Any, changes: Any, *, now: float) -> Any:
    """Say that a batch is written, and write it a while later."""
    from services.messages.model.log import EntryKind

    async def after(before: Sequence["asyncio.Task[None]"]) -> None:
        await asyncio.gather(*before)
        await asyncio.sleep(LATE_S)
        await write(store, changes, now=now)

    async def hasty() -> Any:
        if {entry.kind for one in changes for entry in one.entries} != {EntryKind.MESSAGE}:
            await asyncio.gather(*_late[-1:])
            return await write(store, changes, now=now)
        _late.append(asyncio.create_task(after(_late[-1:])))
        return set()

    return hasty()


def forgetful_deliver(deliver: Right, room: Any, events: Sequence[Any]) -> Any:
    """Let the last event of a burst reach nobody."""
    return deliver(room, events[:-1] if len(events) > 1 else events)


def doubling_deliver(deliver: Right, room: Any, events: Sequence[Any]) -> Any:
    """Let one event in five come twice."""
    return deliver(room, [one for one in events for _ in range(1 if one.seq % EVERY else 2)])


def swapping_deliver(deliver: Right, room: Any, events: Sequence[Any]) -> Any:
    """Let a burst come in the wrong order."""
    return deliver(room, events[::-1])


def lenient_drop(_: Right, room: Any, listener: Any, reason: str | None) -> None:
    """Tell somebody to be out of the room, and go on sending."""
    listener.lose_room(room.room_id, reason or "removed")


def generous_begin(begin: Right, protocol: Any, *arguments: Any, **more: Any) -> None:
    """Take far larger frames than is told."""
    if isinstance(more.get("max_size"), int):
        more["max_size"] *= ENOUGH
    begin(protocol, *arguments, **more)


def careless_take(_: Right, *arguments: Any) -> None:
    """Count nothing."""


def trusting_plan(plan: Right, way: Any, standing: Any, *arguments: Any, **more: Any) -> Any:
    """Take every cursor for one of the room's own epoch."""
    from dataclasses import replace

    way.wanted = replace(way.wanted, epoch=standing.epoch)
    return plan(way, standing, *arguments, **more)


def silent_plan(plan: Right, way: Any, standing: Any, *, longest: int) -> Any:
    """Leave out what is too much, and say nothing of it."""
    from dataclasses import replace

    if way.wanted.seq is not None and standing.head_seq - way.wanted.seq > longest:
        way.wanted = replace(way.wanted, seq=standing.head_seq)
    return plan(way, standing, longest=longest)


def inventive_ack(ack: Right, outcome: Any, *, is_repeat: bool) -> Any:
    """Answer a repeat with an id that no message has."""
    right = ack(outcome, is_repeat=is_repeat)
    return {**right, "message_id": uuid.uuid4()} if is_repeat else right


def forgetful_settle(settle: Right, pending: Any, ref: str) -> bool:
    """Answer four of five commands."""
    _count[0] += 1
    return bool(settle(pending, ref)) and _count[0] % EVERY != 0


def blind_of_session(_: Right, *arguments: Any) -> list[Any]:
    """Know of no connection that belongs to a session."""
    return []


def friendly_check(_: Right, *arguments: Any, **more: Any) -> None:
    """Let pages of every origin in."""


def open_look(look: Right, person: Any) -> Any:
    """Show the invisible as what they are: there."""
    from services.presence.model import Chosen, Look, Shown

    is_hidden = person.leases and person.choice.chosen is Chosen.INVISIBLE
    return Look(Shown.ONLINE) if is_hidden else look(person)


PLACES: Final[Mapping[str, tuple[str, str, Callable[..., Any]]]] = {
    "acknowledges before the commit": (
        "services.messages.store.log.LogStore", "write", hasty_write,
    ),
    "drops the last event of a burst": (
        "services.gateway.hub.room.Room", "deliver", forgetful_deliver,
    ),
    "doubles an event": ("services.gateway.hub.room.Room", "deliver", doubling_deliver),
    "swaps events": ("services.gateway.hub.room.Room", "deliver", swapping_deliver),
    "delivers after a removal": ("services.gateway.hub.room.Room", "_drop", lenient_drop),
    "ignores the limit of frames": (
        "websockets.protocol.Protocol", "__init__", generous_begin,
    ),
    "ignores the rate of messages": ("libs.common.ratelimit.RateLimiter", "take", careless_take),
    "forgets the epoch": ("services.gateway.connection.way.Way", "plan", trusting_plan),
    "leaves out without a gap": ("services.gateway.connection.way.Way", "plan", silent_plan),
    "answers a repeat with another id": ("services.messages.core.decide", "ack", inventive_ack),
    "forgets an answer": ("services.gateway.core.pending.Pending", "settle", forgetful_settle),
    "keeps sockets of a session that ended": (
        "services.gateway.hub.people.People", "of_session", blind_of_session,
    ),
    "lets every page in": (
        "services.gateway.connection.handshake", "check_origin", friendly_check,
    ),
    "shows the invisible": ("services.presence.core.roster._Person", "look", open_look),
}  # fmt: skip
"""What is wrong, where it is put in, and the wrong one."""


def put_in(switch: Switch) -> None:
    """Put every break into its place, switched off."""
    for name, (owner, attribute, wrong) in PLACES.items():
        _put(switch, name, resolve_name(owner), attribute, wrong)


def _put(switch: Switch, name: str, owner: Any, attribute: str, wrong: Right) -> None:
    found = getattr(owner, attribute)
    is_property = isinstance(found, property)
    right: Right = found.fget if is_property else found

    def either(*arguments: Any, **more: Any) -> Any:
        if switch.is_at(name):
            return wrong(right, *arguments, **more)
        return right(*arguments, **more)

    setattr(owner, attribute, property(either) if is_property else either)
