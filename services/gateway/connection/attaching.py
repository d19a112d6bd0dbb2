"""Lets connections into rooms' live streams without a hole and without a double.

    hold what comes -> ask how they stand -> replay (cursor, head] -> say so -> send what was held

Events that come meanwhile are held for this listener; when there is no room to hold them they are
read from the log again. The last look and the step to live happen in one turn of the loop. What is
replayed is paced by what the socket takes.

See: docs/protocol.md, sections 6 and 17.
"""

import asyncio
from collections.abc import Sequence

from libs.common.clock import Clock
from libs.common.contracts.events import RoomEvent
from libs.common.contracts.ids import Seq
from libs.common.contracts.internal import RoomOnline
from libs.common.errors import ChatError, NotFound, Unavailable
from services.gateway.connection.client import Client
from services.gateway.connection.way import Way
from services.gateway.core.duties import Effects
from services.gateway.core.effects import Attach, From
from services.gateway.core.places import Place
from services.gateway.frames import heard
from services.gateway.hub.asking import Asking, refusal_of
from services.gateway.hub.hub import Hub
from services.gateway.hub.joining import Allowance
from services.gateway.hub.repairs import events_of
from services.gateway.hub.unattended import Unattended
from services.gateway.hub.unshown import Unshown
from services.gateway.settings import GatewaySettings


class Attaching:
    """Answers `join_room`, `resume` and the resume in `auth`."""

    def __init__(
        self,
        hub: Hub,
        asking: Asking,
        unshown: Unshown,
        unattended: Unattended,
        *,
        settings: GatewaySettings,
        clock: Clock,
    ) -> None:
        self._hub = hub
        self._asking = asking
        self._unshown = unshown
        self._unattended = unattended
        self._settings = settings
        self._clock = clock

    async def attach(self, client: Client, wanted: Attach) -> None:
        """Attach to rooms, with what was missed, and answer."""
        allowance = Allowance()
        ways = [self._set_out(client, room, allowance) for room in wanted.rooms]
        try:
            online = await self._learn(client, ways, wanted)
            await self._replay(client, ways)
        except ChatError as trouble:
            self._give_up(client, ways, wanted, trouble)
        else:
            # No await between the last look of `_replay` and this.
            self._arrive(client, ways, wanted, online)
        client.session.rooms_changed(self._clock.monotonic())
        client.read_on()

    def _set_out(self, client: Client, wanted: From, allowance: Allowance) -> Way:
        """Begin to hold. Who is live already and names no cursor goes on from where they are."""
        here = self._hub.position(client, wanted.room_id)
        if here is not None and wanted.seq is None:
            wanted = From(wanted.room_id, *here)
        joining = self._hub.expect(client, wanted.room_id, allowance)
        return Way(wanted, joining, was_at=here[0] if here else None)

    async def _learn(
        self, client: Client, ways: Sequence[Way], wanted: Attach
    ) -> RoomOnline | None:
        """Find out how they stand in each room, and for a join also who is there."""
        asked = [self._asking.attach(client.person, way.room_id) for way in ways]
        online, standings = await asyncio.gather(self._who_is_there(wanted), asyncio.gather(*asked))
        left = self._settings.replay_events
        for way, standing in zip(ways, standings, strict=True):
            if standing.code is not None:
                way.refusal = refusal_of(standing.code)
            elif way.trouble is None:
                self._hub.meet(way.joining, standing)
                longest = min(left, self._settings.replay_events_per_room)
                left -= way.plan(standing, longest=longest)
        return online

    async def _who_is_there(self, wanted: Attach) -> RoomOnline | None:
        return await self._asking.online(wanted.rooms[0].room_id) if wanted.is_join else None

    async def _replay(self, client: Client, ways: Sequence[Way]) -> None:
        """Send what was missed, until every room can go live."""
        for way in ways:
            if way.gap is not None:
                client.tell(way.told(way.gap))
            await self._read_up(client, way)
        await client.paced()
        while behind := [way for way in ways if not self._is_replayed(way)]:
            for way in behind:
                await self._read_up(client, way)
            await client.paced()

    def _is_replayed(self, way: Way) -> bool:
        """Tell whether the listener can go live, or will not."""
        if way.trouble is not None:
            return True
        is_up = way.joining.position >= way.target
        return is_up and self._hub.is_next(way.room_id, way.joining)

    async def _read_up(self, client: Client, way: Way) -> None:
        while not self._is_replayed(way):
            position = way.joining.position
            answer = await self._asking.events(way.room_id, position, way.next_range)
            if way.trouble is not None:
                return
            if answer.epoch != way.epoch:
                self._hub.leave(client, way.room_id)
            elif answer.first_available_seq > position + 1:
                client.tell(way.told(way.skip(position, answer.head_seq, "retention")))
            elif answer.events:
                await self._send(client, way, events_of(way.room_id, answer))
            else:
                raise Unavailable

    async def _send(self, client: Client, way: Way, events: Sequence[RoomEvent]) -> None:
        for event in events:
            if way.trouble is not None:
                return
            client.put(event.frame)
            way.joining.position = event.seq
            if way.joining.ends_with(event.seq, event.detach, client.person_id):
                self._hub.leave(client, way.room_id)
                way.refusal = NotFound()
                client.lose_room(way.room_id, event.reason or "removed")
            elif client.is_loaded:
                await client.paced()

    def _arrive(
        self, client: Client, ways: Sequence[Way], wanted: Attach, online: RoomOnline | None
    ) -> None:
        """Answer, then send what was held."""
        for way in ways:
            if way.trouble is None and way.standing is not None:
                client.session.duties.places.joined(way.room_id, Place.of(way.standing))
        client.do(self._answer(client, ways, wanted, online))
        for way in ways:
            if way.trouble is None:
                self._unattended.remove(client, way.room_id)
                self._hub.go_live(client, way.room_id, way.joining)
            else:
                self._turn_back(client, way)

    def _answer(
        self, client: Client, ways: Sequence[Way], wanted: Attach, online: RoomOnline | None
    ) -> Effects:
        session = client.session
        if online is None or wanted.ref is None:
            shown = heard.ResumedShown(rooms=tuple(way.outcome() for way in ways))
            return session.answer(heard.Resumed(ref=wanted.ref, data=shown))
        (way,) = ways
        if way.trouble is not None or way.standing is None:
            return session.refuse(wanted.ref, way.trouble or NotFound())
        if not online.is_known:
            self._unshown.add([way.room_id])
        hidden = self._hub.apart.of(client.person_id)
        joined = way.joined(way.standing, online, hidden=hidden)
        return session.answer(heard.RoomJoined(ref=wanted.ref, data=joined))

    def _give_up(
        self, client: Client, ways: Sequence[Way], wanted: Attach, trouble: ChatError
    ) -> None:
        """Refuse all of it."""
        for way in ways:
            way.refusal = way.refusal or trouble
            if way.was_at is not None:
                self._turn_back(client, way)
        if wanted.ref is not None:
            client.do(client.session.refuse(wanted.ref, trouble))
        else:
            client.do(self._answer(client, ways, wanted, None))
        # Behind the answer, so that a client may look how far it was sent these.
        for way in ways:
            if way.was_at is None:
                self._turn_back(client, way)

    def _turn_back(self, client: Client, way: Way) -> None:
        """Let a listener out, or be where it was if that is only a passing trouble."""
        is_passing = not (way.joining.is_cancelled or isinstance(way.refusal, NotFound))
        if is_passing and way.was_at is not None:
            self._go_back(client, way, way.was_at)
        else:
            self._hub.leave(client, way.room_id)
            places = client.session.duties.places
            place = places.attached.get(way.room_id)
            if place is not None and place.role is not None and way.refusal is None:
                self._unattended.add(client, way.room_id)
            places.joined(way.room_id, None)

    def _go_back(self, client: Client, way: Way, was_at: Seq) -> None:
        """Be live again where the listener was; what could not be held is a gap."""
        way.joining.position = max(was_at, way.joining.position)
        if not self._hub.is_next(way.room_id, way.joining):
            head = self._hub.head_of(way.room_id)
            client.tell(way.told(way.skip(way.joining.position, head, "too_many")))
        client.session.duties.places.stayed(way.room_id)
        self._hub.go_live(client, way.room_id, way.joining)
