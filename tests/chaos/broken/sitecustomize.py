"""Breaks the program on purpose, to show that the checker would notice.

Python imports this before the program when its folder is first on PYTHONPATH; `HUBBUB_BROKEN` says
what to break. Nothing in the program itself knows of it.
"""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

LATE_S: Final = 0.2


def acknowledge_too_early() -> None:
    """Say that a batch of messages is written, and write it a while later."""
    from services.messages.model.log import EntryKind
    from services.messages.store.log import LogStore

    write = LogStore.write
    late: list[asyncio.Task[None]] = []

    async def after(before: Sequence[asyncio.Task[None]], *arguments: Any, now: float) -> None:
        await asyncio.gather(*before)
        await asyncio.sleep(LATE_S)
        await write(*arguments, now=now)

    async def hasty(store: Any, changes: Any, *, now: float) -> set[Any]:
        if {entry.kind for one in changes for entry in one.entries} != {EntryKind.MESSAGE}:
            await asyncio.gather(*late[-1:])
            return await write(store, changes, now=now)
        late.append(asyncio.create_task(after(late[-1:], store, changes, now=now)))
        return set()

    LogStore.write = hasty  # type: ignore[assignment, method-assign]


def forget_events() -> None:
    """Let one event in twenty reach nobody, not even those who notice and ask for it."""
    from services.gateway.hub.room import Room
    from services.messages.store.entries import EntryStore

    deliver, ranges = Room.deliver, EntryStore.ranges

    def forgetful(room: Room, events: Any) -> int:
        return deliver(room, [event for event in events if event.seq % 20])

    async def forgetful_ranges(*arguments: Any) -> Any:
        return [
            found and (found[0], [entry for entry in found[1] if entry.seq % 20])
            for found in await ranges(*arguments)
        ]

    Room.deliver = forgetful  # type: ignore[assignment, method-assign]
    EntryStore.ranges = forgetful_ranges  # type: ignore[assignment, method-assign]


def keep_nothing_unconfirmed() -> None:
    """Count what a transaction put for the bus as published, whether the bus took it or not."""
    from libs.common.errors import ChatError
    from libs.common.relay import Relay

    begin = Relay.__init__

    def careless(relay: Any, database: Any, publish: Any, **more: Any) -> None:
        async def try_once(rows: Any) -> None:
            with suppress(ChatError):
                await publish(rows)

        begin(relay, database, try_once, **more)

    Relay.__init__ = careless  # type: ignore[assignment, method-assign]


BREAKS: Mapping[str, Callable[[], None]] = {
    "acknowledge too early": acknowledge_too_early,
    "forget events": forget_events,
    "keep nothing unconfirmed": keep_nothing_unconfirmed,
}

if (chosen := os.environ.get("HUBBUB_BROKEN")) is not None:
    BREAKS[chosen]()
