"""Half a minute of presence, played through as fast as it goes.

People are in rooms of fifty, five each, or all in one room, each with a phone and a laptop. Every
lease is renewed each 20 s, and so many things a second happen to somebody: they turn away or back,
go with all they have, come back, or open and close the laptop, which nobody is told. Each comes in
a delivery of its own, which is the worst case. Time is set; of the bus only what is published is
measured, of the CPU that of the quickest ten seconds, as others may use the machine too.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from libs.common.bus.interface import Outgoing
from libs.common.bus.local import LocalBus
from libs.common.clock import Clock
from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    Command,
    LeaseChange,
    ReportLease,
    decode_commands,
    encode_commands,
    kind_of,
    read_payload,
    write_payload,
)
from libs.common.contracts.events import decode_signals
from libs.common.contracts.ids import CommandId, ConnectionId, PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind
from services.presence.consumers.telling import Telling
from services.presence.core.news import News, Windows
from services.presence.core.roster import Roster
from services.presence.model import Choice, Chosen
from services.presence.settings import PresenceSettings
from tests.support.clock import SetClock

SETTINGS: Final = PresenceSettings()
ROOM_SIZE: Final = 50
ROOMS_EACH: Final = 5
RENEW_S: Final = 20
SECONDS: Final = 30
QUIET_S: Final = 10

EVERYBODY: Final = RoomId(UUID(int=1))
PHONE: Final = "phone"
LAPTOP: Final = "laptop"
DEVICES: Final = (PHONE, LAPTOP)


class CountingBus(LocalBus):
    """Takes everything and counts it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.messages = self.signals = self.size_bytes = 0

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        self.messages += 1
        self.signals += len(decode_signals(message.body))
        self.size_bytes += len(message.body)


@dataclass
class Presence:
    clock: SetClock
    bus: CountingBus
    roster: Roster
    telling: Telling
    rooms: dict[PersonId, tuple[RoomId, ...]]

    gone: set[PersonId] = field(default_factory=set)

    async def renew(self, people: Sequence[PersonId]) -> None:
        """Hear that those of these who are there still are, as a gateway tells it."""
        there = [one for one in people if one not in self.gone]
        for device in DEVICES:
            await self.report(there, LeaseChange.RENEWED, device)

    async def report(self, people: Sequence[PersonId], change: LeaseChange, device: str) -> None:
        """Hear of these leases in one delivery."""
        leases = [self._lease(one, change, device) for one in people]
        for command in decode_commands(encode_commands(leases)):
            report = read_payload(command, PERSON_PAYLOADS)
            assert isinstance(report, ReportLease)
            person_id = PersonId(command.subject)
            await self.telling.tell(
                self.roster.report(person_id, report, self.clock.now(), late_s=0)
            )

    async def turn(self, person_id: PersonId, chosen: Chosen) -> None:
        await self.telling.tell(self.roster.choose(Choice(person_id, chosen), self.clock.now()))

    async def happen(self, person_id: PersonId, chance: random.Random) -> None:
        """Let something change for somebody."""
        if person_id in self.gone:
            self.gone.discard(person_id)
            await self.report([person_id], LeaseChange.OPENED, PHONE)
            return
        match chance.choice(("turn", "go", "open", "close")):
            case "turn":
                await self.turn(person_id, chance.choice([Chosen.ONLINE, Chosen.AWAY, Chosen.DND]))
            case "go":
                self.gone.add(person_id)
                for device in DEVICES:
                    await self.report([person_id], LeaseChange.CLOSED, device)
            case "open":
                await self.report([person_id], LeaseChange.OPENED, LAPTOP)
            case _:
                await self.report([person_id], LeaseChange.CLOSED, LAPTOP)

    def _lease(self, person_id: PersonId, change: LeaseChange, device: str) -> Command:
        connection = ConnectionId(f"{person_id} {device}")
        payload = ReportLease(change, connection, "gw.1", self.rooms[person_id])
        who = Person(PersonKind.USER, person_id, "Somebody")
        return Command(
            kind=kind_of(payload),
            subject=person_id,
            actor=who,
            command_id=CommandId("c"),
            ref=None,
            origin="",
            connection=connection,
            request_id="r",
            traceparent="",
            deadline=self.clock.now() + 10,
            payload=write_payload(payload),
        )


def presence_of(people: int, *, in_one_room: bool, chance: random.Random) -> Presence:
    clock = SetClock()
    bus = CountingBus(clock)
    roster = Roster(lease_s=SETTINGS.lease_s, close_grace_s=SETTINGS.close_grace_s)
    roster.is_whole = True
    windows = Windows(
        small_s=SETTINGS.small_window_s,
        large_s=SETTINGS.large_window_s,
        small_people=SETTINGS.small_room_people,
        named_people=SETTINGS.named_people,
    )
    news = News(windows, shown_per_s=SETTINGS.shown_per_s)
    telling = Telling(bus, news, roster, settings=SETTINGS, event_buckets=1, clock=clock)
    room_count = max(1, people * ROOMS_EACH // ROOM_SIZE)
    rooms = [RoomId(UUID(int=100 + number)) for number in range(room_count)]
    homes = {
        PersonId(UUID(int=1_000_000 + number)): (EVERYBODY,)
        if in_one_room
        else tuple(chance.sample(rooms, ROOMS_EACH))
        for number in range(people)
    }
    return Presence(clock, bus, roster, telling, homes)


async def _pass(presence: Presence, changes_per_s: int, chance: random.Random) -> list[float]:
    """Let half a minute pass, and return the CPU of each second of it."""
    people, spent = list(presence.rooms), []
    for second in range(SECONDS):
        began = time.process_time()
        await presence.renew(people[second % RENEW_S :: RENEW_S])
        ticks = round(1 / SETTINGS.tell_interval_s)
        for tick in range(ticks):
            for _ in range(changes_per_s * (tick + 1) // ticks - changes_per_s * tick // ticks):
                await presence.happen(chance.choice(people), chance)
            await presence.clock.advance(SETTINGS.tell_interval_s)
            await presence.telling.tell()
        await presence.telling.tell(presence.roster.expire(presence.clock.now()))
        spent.append(time.process_time() - began)
    return spent


@dataclass(frozen=True, slots=True)
class Played:
    """What came of so many people and changes: all that was on the bus, and the share of a core."""

    people: int
    changes_per_s: int
    messages: int
    signals: int
    size_bytes: int
    cores: float

    @property
    def changes(self) -> int:
        return self.changes_per_s * SECONDS


async def play(people: int, changes_per_s: int, *, in_one_room: bool) -> Played:
    """Let everybody come, then let half a minute pass."""
    chance = random.Random(people)
    presence = presence_of(people, in_one_room=in_one_room, chance=chance)
    await everybody_comes(presence)
    bus = presence.bus
    bus.messages = bus.signals = bus.size_bytes = 0
    spent = await _pass(presence, changes_per_s, chance)
    quickest = min(sum(spent[at : at + QUIET_S]) for at in range(SECONDS - QUIET_S + 1))
    return Played(
        people, changes_per_s, bus.messages, bus.signals, bus.size_bytes, quickest / QUIET_S
    )


async def everybody_comes(presence: Presence) -> None:
    """Let all connect with all they have, and be told."""
    for device in DEVICES:
        await presence.report(list(presence.rooms), LeaseChange.OPENED, device)
    await presence.clock.advance(SETTINGS.large_window_s)
    await presence.telling.tell()
