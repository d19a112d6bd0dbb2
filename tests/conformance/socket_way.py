"""Being connected over the socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from hubbub_client.frames import Frame, Json
from tests.conformance.clause import expect, expect_equal
from tests.conformance.people import Person
from tests.conformance.ways import Answer, Device, Recovery
from tests.conformance.wire import Wire, authenticate, wire

REVOKED_CLOSE: Final = 4401


class SocketDevice:
    """One socket that is `ready`."""

    def __init__(self, person: Person, one: Wire, ready: Frame) -> None:
        self.wire = one
        self.ready = ready
        self._person = person

    @property
    def frames(self) -> list[Frame]:
        return self.wire.frames

    async def listen(self, room_id: str) -> None:
        joined = await self.wire.ask("join_room", room_id=room_id)
        expect_equal(joined.type, "room_joined", "the answer to join_room to be")

    async def resume(self, *cursors: Json) -> list[Recovery]:
        resumed = await self.wire.ask("resume", rooms=list(cursors))
        expect(resumed.type == "resumed", "the answer to resume to be `resumed`", resumed)
        return [recovery_of(resumed, cursor["room_id"]) for cursor in cursors]

    async def command(self, type_: str, /, **data: Any) -> Answer:
        if type_ == "send_message":
            await self._person.sends.turn()
        frame = await self.wire.ask(type_, **data)
        return Answer(frame.data, frame.data["code"] if frame.type == "error" else "")

    async def reach(self, room_id: str, seq: int) -> None:
        await self.wire.inbox.reach(room_id, seq)

    async def hear(self, type_: str, *, within_s: float | None = None) -> Frame:
        return await self.wire.inbox.first(
            lambda frame: frame.type == type_, f"a `{type_}`", within_s=within_s
        )

    async def settle(self) -> None:
        await self.wire.ask("ping")

    async def ended(self, *, within_s: float) -> str:
        code, reason = await self.wire.closed(within_s=within_s)
        return reason if code == REVOKED_CLOSE else f"{code} {reason}"

    def events(self, room_id: str) -> list[Frame]:
        return self.wire.inbox.events(room_id)


class SocketWay:
    """Every device has a socket of its own."""

    @asynccontextmanager
    async def device(self, person: Person, *, at: str | None = None) -> AsyncIterator[Device]:
        async with ready_device(person, at=at) as one:
            yield one


@asynccontextmanager
async def ready_device(
    person: Person, *, at: str | None = None, resume: list[Json] | None = None
) -> AsyncIterator[SocketDevice]:
    """Open a socket and say who one is, and from where one goes on."""
    async with wire(person.server, at=at) as one:
        ready = await authenticate(one, person.token, resume=resume)
        expect(ready.type == "ready", "`ready` as answer to a good token", ready)
        yield SocketDevice(person, one, ready)


def recovery_of(resumed: Frame, room_id: str) -> Recovery:
    """Return what `resumed` says of a room."""
    (told,) = [room for room in resumed.data["rooms"] if room["room_id"] == room_id]
    return Recovery(told["recovered"], told.get("reason") or "")
