"""A list of rooms kept by hand: what everybody wrote and read, recounted from the beginning."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final
from uuid import UUID

from libs.common.contracts.commands import (
    DeleteMessage,
    EditMessage,
    Payload,
    PostMessage,
    ProjectMember,
    ProjectRoom,
)
from libs.common.contracts.ids import MessageId, PersonId, RoomId, Seq
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.postgres import Database
from services.messages.model.log import EntryKind
from services.messages.model.room_list import Listed, Place
from services.messages.store.members import MemberStore
from services.messages.store.receipts import ReceiptStore
from services.messages.store.room_list import RoomListStore
from tests.integration.messages.desk import Desk
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import ALICE, BOB, CHARLIE, asked

PEOPLE: Final = (ALICE, BOB, CHARLIE)
BOUNDS: Final = (1000, 100)
ROOMS: Final = tuple(RoomId(UUID(int=100 + number, version=4)) for number in range(6))

Line = tuple[RoomId, int, int, Seq, float, MessageId | None]
"""A room as it is listed: unread, mentions, read up to, last activity, last message."""


@dataclass
class Said:
    """A message as it is now."""

    id: MessageId
    seq: Seq
    author: PersonId
    at: float
    mentions: tuple[PersonId, ...] = ()
    is_deleted: bool = False


@dataclass
class Room:
    version: int = 0
    said: list[Said] = field(default_factory=list)
    since: dict[PersonId, float] = field(default_factory=dict)
    read: dict[PersonId, Seq] = field(default_factory=dict)


class Ledger:
    """Does everything twice: in the database, and here by hand."""

    def __init__(self, database: Database) -> None:
        self.desk = Desk(database)
        self.members = MemberStore(database, unread_scan=BOUNDS[0], unread_max=BOUNDS[1])
        self.receipts = ReceiptStore(database)
        self.list = RoomListStore(database, bounds=BOUNDS)
        self.rooms = {room_id: Room() for room_id in ROOMS}
        self.now = TEN_O_CLOCK

    async def begin(self) -> None:
        """Let there be rooms; Alice is in all of them."""
        for number, room_id in enumerate(ROOMS):
            told = ProjectRoom(
                self._next_version(room_id), RoomKind.PRIVATE, RoomState.OPEN, f"Room {number}",
                "", 0,
            )  # fmt: skip
            await self.do(room_id, ALICE, told)
            await self.come(room_id, ALICE)

    async def do(self, room_id: RoomId, person: Person, payload: Payload) -> Seq | None:
        """Have a command obeyed a second later; return the seq of its message, if it wrote one."""
        self.now += 1
        decision = await self.desk.decide(asked(person, payload), room_id=room_id)
        assert not await self.desk.log.write([decision.change], now=self.now)
        posted = [one for one in decision.change.entries if one.kind is EntryKind.MESSAGE]
        if not posted or posted[0].message is None:
            return None
        message = posted[0].message
        self.rooms[room_id].said.append(
            Said(message.id, message.seq, person.id, self.now, message.mentions)
        )
        return message.seq

    async def come(self, room_id: RoomId, person: Person) -> None:
        version = self._next_version(room_id)
        await self.do(room_id, person, ProjectMember(version, person, RoomRole.OWNER))
        self.rooms[room_id].since.setdefault(person.id, self.now)

    async def go(self, room_id: RoomId, person: Person) -> None:
        await self.do(room_id, person, ProjectMember(self._next_version(room_id), person, None))
        self.rooms[room_id].since.pop(person.id, None)

    async def read(self, room_id: RoomId, person: Person, seq: Seq) -> None:
        await self.receipts.move([(room_id, person.id, seq)])
        room = self.rooms[room_id]
        room.read[person.id] = Seq(max(seq, room.read.get(person.id, 0)))

    async def something(self, chance: Random) -> None:
        """Let something happen that somebody may do."""
        room_id = chance.choice(ROOMS)
        room, person = self.rooms[room_id], chance.choice(PEOPLE)
        if person.id not in room.since:
            await self.come(room_id, person)
            return
        left = [one for one in room.said if not one.is_deleted]
        match chance.choice(("say", "say", "say", "name", "read", "edit", "delete", "go")):
            case "say":
                await self.do(room_id, person, PostMessage(f"said {self.now}"))
            case "name":
                await self.do(room_id, person, PostMessage(f"<@{chance.choice(PEOPLE).id}>"))
            case "read" if room.said:
                await self.read(room_id, person, chance.choice(room.said).seq)
            case "edit" if left:
                await self._edit(room_id, chance.choice(left), chance.choice(PEOPLE))
            case "delete" if left:
                await self._delete(room_id, chance.choice(left), person)
            case "go" if person is not ALICE:
                await self.go(room_id, person)
            case _:
                pass

    async def pages(self, person: Person, *, limit: int) -> list[Listed]:
        """Return the whole list, read page by page."""
        found: list[Listed] = []
        page: Sequence[Listed] = ()
        while page or not found:
            place: Place | None = page[-1].place if page else None
            page = await self.list.page(person.id, piece="", after=place, limit=limit)
            found += page
            if not page:
                break
        return found

    async def listed(self, person: Person) -> list[Line]:
        """Return what the service lists."""
        return [_line(one) for one in await self.pages(person, limit=4)]

    def recounted(self, person: Person) -> list[Line]:
        """Return what is to be listed, counted from the beginning."""
        lines = [
            self._recount(room_id, room, person.id)
            for room_id, room in self.rooms.items()
            if person.id in room.since
        ]
        return sorted(lines, key=lambda line: (line[4], line[0]), reverse=True)

    def _recount(self, room_id: RoomId, room: Room, person_id: PersonId) -> Line:
        read = room.read.get(person_id, Seq(0))
        left = [one for one in room.said if not one.is_deleted]
        others = [one for one in left if one.author != person_id]
        unread = sum(one.seq > read for one in others)
        mentions = sum(one.seq > read and person_id in one.mentions for one in others)
        last_at = max([room.since[person_id], *(one.at for one in room.said)])
        return room_id, unread, mentions, read, last_at, left[-1].id if left else None

    async def _edit(self, room_id: RoomId, said: Said, named: Person) -> None:
        author = next(one for one in PEOPLE if one.id == said.author)
        if author.id in self.rooms[room_id].since:
            await self.do(room_id, author, EditMessage(said.id, f"<@{named.id}> now"))
            is_here = named.id in self.rooms[room_id].since
            said.mentions = (named.id,) if is_here else ()

    async def _delete(self, room_id: RoomId, said: Said, person: Person) -> None:
        await self.do(room_id, person, DeleteMessage(said.id))
        said.is_deleted = True

    def _next_version(self, room_id: RoomId) -> int:
        self.rooms[room_id].version += 1
        return self.rooms[room_id].version


def _line(listed: Listed) -> Line:
    standing, last = listed.standing, listed.last_message
    return (
        listed.place.room_id, standing.unread, standing.mentions, standing.read_seq,
        listed.last_at, None if last is None else last.id,
    )  # fmt: skip
