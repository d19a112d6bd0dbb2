"""What presence tells and what that costs, against how many are there and how many change.

    python -m tests.bench.presence

People are in rooms of fifty, five each, or all in one room. Every lease is renewed each 20 s, and
so many people a second turn away or back, each change in a delivery of its own, which is the worst
case. A minute is played through as fast as it goes: time is set, CPU is measured, and of the bus
only what is published. The columns: people, changes per second, messages on the bus, signals in
them (one for each room and person) and kilobytes, all per second of the minute, and the share of a
core for it.
"""

import asyncio
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
PEOPLE: Final = (100, 1_000, 10_000)
CHANGES_PER_S: Final = (0, 1, 10, 100)
ROOM_SIZE: Final = 50
ROOMS_EACH: Final = 5
RENEW_S: Final = 20
SECONDS: Final = 60
EVERYBODY: Final = RoomId(UUID(int=1))


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

    async def renew(self, people: Sequence[PersonId], change: LeaseChange) -> None:
        """Hear of these leases as a gateway tells them, in one delivery."""
        for command in decode_commands(
            encode_commands([self._lease(one, change) for one in people])
        ):
            report = read_payload(command, PERSON_PAYLOADS)
            assert isinstance(report, ReportLease)
            person_id = PersonId(command.subject)
            await self.telling.tell(
                self.roster.report(person_id, report, self.clock.now(), late_s=0)
            )

    async def turn(self, person_id: PersonId, chosen: Chosen) -> None:
        await self.telling.tell(self.roster.choose(Choice(person_id, chosen), self.clock.now()))

    def _lease(self, person_id: PersonId, change: LeaseChange) -> Command:
        payload = ReportLease(change, ConnectionId(str(person_id)), "gw.1", self.rooms[person_id])
        who = Person(PersonKind.USER, person_id, "Somebody")
        return Command(
            kind=kind_of(payload),
            subject=person_id,
            actor=who,
            command_id=CommandId("c"),
            ref=None,
            origin="",
            connection=ConnectionId(str(person_id)),
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


async def play(presence: Presence, changes_per_s: int, chance: random.Random) -> None:
    """Let a minute pass."""
    people = list(presence.rooms)
    for second in range(SECONDS):
        await presence.renew(people[second % RENEW_S :: RENEW_S], LeaseChange.RENEWED)
        ticks = round(1 / SETTINGS.tell_interval_s)
        for tick in range(ticks):
            for _ in range(changes_per_s * (tick + 1) // ticks - changes_per_s * tick // ticks):
                chosen = chance.choice([Chosen.ONLINE, Chosen.AWAY, Chosen.DND])
                await presence.turn(chance.choice(people), chosen)
            await presence.clock.advance(SETTINGS.tell_interval_s)
            await presence.telling.tell()
        await presence.telling.tell(presence.roster.expire(presence.clock.now()))


async def measure(people: int, changes_per_s: int, *, in_one_room: bool) -> str:
    chance = random.Random(people)
    presence = presence_of(people, in_one_room=in_one_room, chance=chance)
    await presence.renew(list(presence.rooms), LeaseChange.OPENED)
    await presence.clock.advance(SETTINGS.large_window_s)
    await presence.telling.tell()
    bus = presence.bus
    bus.messages = bus.signals = bus.size_bytes = 0
    began = time.process_time()
    await play(presence, changes_per_s, chance)
    cpu_s = time.process_time() - began
    numbers = (bus.messages / SECONDS, bus.signals / SECONDS, bus.size_bytes / SECONDS / 1024)
    told = " | ".join(f"{number:,.1f}" for number in numbers)
    where = "one room" if in_one_room else f"rooms of {ROOM_SIZE}"
    return f"| {people:,} | {where} | {changes_per_s} | {told} | {cpu_s / SECONDS:.2%} |"


def rows() -> Iterator[tuple[int, int, bool]]:
    for in_one_room in (False, True):
        for people in PEOPLE:
            for changes_per_s in CHANGES_PER_S:
                yield people, changes_per_s, in_one_room


async def main() -> None:
    say("| people | where | changes/s | messages/s | signals/s | KB/s | of a core |")
    say("|---|---|---|---|---|---|---|")
    for people, changes_per_s, in_one_room in rows():
        say(await measure(people, changes_per_s, in_one_room=in_one_room))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
