"""A hub with a log behind it, and somebody on the way in."""

import asyncio
from dataclasses import dataclass
from typing import Any

from libs.common.contracts.ids import RoomId, Seq
from services.gateway.connection.attaching import Attaching
from services.gateway.connection.relief import Relief
from services.gateway.core.effects import Attach, From
from services.gateway.hub.asking import Asking
from services.gateway.hub.hub import Hub
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import (
    FIRST_EPOCH,
    LOBBY,
    FakeMessages,
    FakePresence,
)
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.pressed import relief_for
from tests.unit.gateway.speaking import NOW


@dataclass
class Stage:
    hub: Hub
    messages: FakeMessages
    presence: FakePresence
    attaching: Attaching
    relief: Relief
    clock: SetClock

    def say(self, number: int = 1, room_id: RoomId = LOBBY, **more: Any) -> None:
        """Let somebody write: into the log, and over the bus."""
        for _ in range(number):
            self.hub.on_events([self.messages.log(room_id).add(**more)])

    async def join(self, client: FakeClient, *, at: int | None = None, **more: Any) -> None:
        place = From(LOBBY, None if at is None else Seq(at), more.get("epoch", FIRST_EPOCH))
        client.session.duties.places.join([LOBBY])
        client.session.duties.pending.open("j")
        await self.attaching.attach(client, Attach((place,), "j", is_join=True))

    async def resume(
        self, client: FakeClient, *places: From, ref: str | None = "s"
    ) -> list[dict[str, Any]]:
        """Resume and return what `resumed` says of each room."""
        client.session.duties.places.join(place.room_id for place in places)
        if ref is not None:
            client.session.duties.pending.open(ref)
        await self.attaching.attach(client, Attach(places, ref, is_join=False))
        frames = client.frames()
        client.sent += [frame.get("seq", frame["type"]) for frame in frames]
        [resumed] = [frame for frame in frames if frame["type"] == "resumed"]
        return list(resumed["data"]["rooms"])

    def begin(self, client: FakeClient, *, at: int | None = None) -> asyncio.Task[None]:
        return asyncio.create_task(self.join(client, at=at))


def stage_with(**knobs: Any) -> Stage:
    clock, settings = SetClock(NOW), GatewaySettings(**knobs)
    hub, messages, presence = Hub(clock), FakeMessages(), FakePresence()
    messages.log()
    asking = Asking(messages, presence, settings=settings)
    relief = relief_for(hub, clock, settings=settings, messages=messages, presence=presence)
    attaching = Attaching(
        hub, asking, relief.unshown, relief.unattended, settings=settings, clock=clock
    )
    return Stage(hub, messages, presence, attaching, relief, clock)


def joined(client: FakeClient) -> dict[str, Any]:
    """Return what `room_joined` said; events around it are kept in `sent`."""
    frames = client.frames()
    client.sent += [frame.get("seq", frame["type"]) for frame in frames]
    [frame] = [frame for frame in frames if frame["type"] == "room_joined"]
    return dict(frame["data"])


def refused(client: FakeClient) -> str:
    [frame] = [frame for frame in client.frames() if frame["type"] == "error"]
    return str(frame["data"]["code"])
