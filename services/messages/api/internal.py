"""What gateways ask of the log: who may listen, where they stand, what they missed."""

from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId, Seq
from libs.common.contracts.internal import (
    AttachRequests,
    EventsAnswer,
    EventsRequest,
    HeadsAnswer,
    HeadsRequest,
    PeopleRequest,
    RangeAnswer,
    RoomStanding,
    RoomStandings,
)
from libs.common.contracts.people import Person, PersonKind
from libs.common.errors import ChatError, NotFound, Unavailable
from libs.common.http.endpoint import Endpoint
from libs.common.permissions.case import Action
from services.messages.api.news import News, Seeker
from services.messages.core.admission import is_in_doubt, judge
from services.messages.core.frames import departure, frame
from services.messages.model.rooms import Standing
from services.messages.store.entries import EntryStore, Found
from services.messages.store.members import MemberStore

GATEWAYS: Final = frozenset({"gateway"})

FIRST_SEQ: Final = Seq(1)
"""The oldest entry of every room: nothing is ever taken out of a log."""

FOR_EVER: Final = 253_402_300_799.0
"""The end of the year 9999 instead of infinity, which JSON does not know."""


class InternalApi:
    """Answers gateways."""

    def __init__(
        self,
        members: MemberStore,
        entries: EntryStore,
        news: News,
        *,
        rooms_listed: int,
        clock: Clock,
    ) -> None:
        self._members = members
        self._entries = entries
        self._news = news
        self._rooms_listed = rooms_listed
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/internal/attach", self.attach, admits=GATEWAYS),
            Endpoint("POST", "/internal/rooms-of", self.rooms_of, admits=GATEWAYS),
            Endpoint("POST", "/internal/events", self.events, admits=GATEWAYS, errors=(NotFound,)),
            Endpoint("POST", "/internal/heads", self.heads, admits=GATEWAYS),
        ]

    async def attach(self, asked: AttachRequests) -> RoomStandings:
        """Tell how people stand in the rooms they want to hear.

        Of who is not in, rooms is asked even if the room is public: who has just joined is to hear
        it as a member.
        """
        pairs = [(one.person_id, one.room_id) for one in asked.requests]
        standings = await self._members.standings(pairs)
        seekers = [
            (room_id, person_id)
            for (person_id, room_id), standing in zip(pairs, standings, strict=True)
            if is_in_doubt(standing.room, standing.member)
        ]
        late: set[Seeker] = set()
        if seekers:
            late = await self._news.wait_for(seekers)
            standings = await self._members.standings(pairs)
        return RoomStandings(
            standings=[
                self._shown(
                    one.room_id,
                    standing,
                    kind=one.kind or PersonKind.USER,
                    is_late=(one.room_id, one.person_id) in late,
                )
                for one, standing in zip(asked.requests, standings, strict=True)
            ]
        )

    async def rooms_of(self, asked: PeopleRequest) -> RoomStandings:
        """Tell how people stand in their rooms, of each the most recently active ones."""
        standings = await self._members.rooms_of(asked.person_ids, limit=self._rooms_listed)
        return RoomStandings(
            standings=[
                # These are members, so their kind is known.
                self._shown(standing.room.id, standing, kind=PersonKind.USER, is_late=False)
                for standing in standings
                if standing.room is not None
            ]
        )

    async def events(self, asked: EventsRequest) -> EventsAnswer:
        """Return entries of rooms' logs, rendered from the present state."""
        wanted = [(one.room_id, one.after_seq, one.limit) for one in (asked, *asked.more)]
        first, *more = await self._entries.ranges(wanted)
        if first is None:
            raise NotFound
        return EventsAnswer(
            **dict(_range(first)), more=[None if found is None else _range(found) for found in more]
        )

    async def heads(self, asked: HeadsRequest) -> HeadsAnswer:
        """Tell how far rooms go."""
        return HeadsAnswer(heads=await self._entries.heads(asked.room_ids))

    def _shown(
        self, room_id: RoomId, standing: Standing, *, kind: PersonKind, is_late: bool
    ) -> RoomStanding:
        refusal = self._refusal(standing, kind)
        if refusal is not None or standing.room is None:
            code = Unavailable.code if is_late else (refusal or NotFound()).code
            return RoomStanding(person_id=standing.person_id, room_id=room_id, code=code)
        member = standing.member
        until = member.muted_until if member else None
        return RoomStanding(
            person_id=standing.person_id,
            room_id=room_id,
            epoch=standing.room.epoch,
            head_seq=standing.room.head_seq,
            read_seq=standing.read_seq,
            unread=standing.unread,
            mentions=standing.mentions,
            role=member.role if member else None,
            muted_until=None if until is None else min(until, FOR_EVER),
        )

    def _refusal(self, standing: Standing, kind: PersonKind) -> ChatError | None:
        """Return why the person may not hear the room, None if they may."""
        if standing.room is None:
            return NotFound()
        member = standing.member
        person = member.person if member else Person(kind, standing.person_id, "")
        refusal = judge(
            standing.room,
            person,
            member,
            system_role=standing.system_role,
            action=Action.READ,
            now=self._clock.now(),
        ).refusal
        return None if refusal is None else refusal()


def _range(found: Found) -> RangeAnswer:
    room, entries = found
    return RangeAnswer(
        events=[
            (entry.seq, frame(entry).encode().decode(), *departure(entry)) for entry in entries
        ],
        epoch=room.epoch,
        head_seq=room.head_seq,
        first_available_seq=FIRST_SEQ,
    )
