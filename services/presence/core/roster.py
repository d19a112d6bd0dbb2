"""The roster: all live connections, grouped by person, and what follows from them.

    connected  = at least one lease that has not run out
    shown      = offline unless connected; then what the person chose, and offline for invisible

A change is told when what is shown changes, and to a room that a person newly hears; a report that
changes neither tells nobody anything. A clean close leaves the lease for `close_grace_s`, so that a
page that reloads does not flicker.

A new roster is empty and not whole: whoever is not in it may be there all the same. So until it
`is_whole` nobody goes offline, and connections that were there before it are taken in without a
word, since those who see them as online are right.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from libs.common.contracts.commands import LeaseChange, ReportLease
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId
from services.presence.model import GONE, Change, Choice, Chosen, Lease, Look, Seen, Shown

NOWHERE: Final[frozenset[RoomId]] = frozenset()

SHOWN: Final = {
    Chosen.ONLINE: Shown.ONLINE,
    Chosen.AWAY: Shown.AWAY,
    Chosen.DND: Shown.DND,
    Chosen.INVISIBLE: Shown.OFFLINE,
}


@dataclass(slots=True)
class _Person:
    """What is known of one person who is or was connected."""

    leases: dict[ConnectionId, Lease]
    choice: Choice
    rev: int = 0

    @property
    def rooms(self) -> frozenset[RoomId]:
        return NOWHERE.union(*(lease.rooms for lease in self.leases.values()))

    @property
    def look(self) -> Look:
        shown = SHOWN[self.choice.chosen]
        if not self.leases or shown is Shown.OFFLINE:
            return GONE
        return Look(shown, self.choice.status_text)

    @property
    def is_seen(self) -> bool:
        return bool(self.leases) and self.choice.chosen is not Chosen.INVISIBLE

    def counts_at(self, now: float) -> bool:
        return any(lease.expires_at > now for lease in self.leases.values())


class Roster:
    """Who is connected, and to what they listen. `now` is in seconds since 1970 throughout."""

    def __init__(self, *, lease_s: float, close_grace_s: float) -> None:
        self._lease_s = lease_s
        self._close_grace_s = close_grace_s
        self._people: dict[PersonId, _Person] = {}
        self._choices: dict[PersonId, Choice] = {}
        self._rooms: defaultdict[RoomId, set[PersonId]] = defaultdict(set)
        self.is_whole = False

    def remember(self, choices: Iterable[Choice]) -> None:
        """Take over what people chose before this process started."""
        for choice in choices:
            self._choices[choice.person_id] = choice

    def report(
        self, person_id: PersonId, report: ReportLease, now: float, *, late_s: float
    ) -> list[Change]:
        """Note that a connection lives or ends; return what to tell.

        A report that waited `late_s` too long counts that much less: who died meanwhile should not
        live on by what is found in a queue.
        """
        person = self._person(person_id)
        before, rooms_before = person.look, person.rooms
        known = person.leases.get(report.connection)
        if report.change is LeaseChange.CLOSED:
            if known is not None:
                ends = min(known.expires_at, now + self._close_grace_s)
                person.leases[report.connection] = replace(known, expires_at=ends, is_closed=True)
        elif late_s < self._lease_s:
            rooms = frozenset(RoomId(room_id) for room_id in report.rooms)
            lease = Lease(person_id, report.connection, rooms, now + self._lease_s - late_s)
            person.leases[report.connection] = lease
        changes = self._changes(person_id, person, before, rooms_before, now)
        self._forget_if_gone(person_id, person)
        was_there_before = known is None and report.change is LeaseChange.RENEWED
        return [] if was_there_before and not self.is_whole else changes

    def choose(self, choice: Choice, now: float) -> list[Change]:
        """Note what a person wants to be seen as; return what to tell."""
        if choice.is_default:
            self._choices.pop(choice.person_id, None)
        else:
            self._choices[choice.person_id] = choice
        person = self._people.get(choice.person_id)
        if person is None:
            return []
        before = person.look
        person.choice = choice
        return self._changes(choice.person_id, person, before, person.rooms, now)

    def expire(self, now: float) -> list[Change]:
        """Let leases that ran out end; return what to tell. Nothing ends before it is whole."""
        changes: list[Change] = []
        if not self.is_whole:
            return changes
        for person_id, person in list(self._people.items()):
            ended = [lease for lease in person.leases.values() if lease.expires_at <= now]
            if not ended:
                continue
            before, rooms_before = person.look, person.rooms
            for lease in ended:
                del person.leases[lease.connection]
            changes += self._changes(person_id, person, before, rooms_before, now)
            self._forget_if_gone(person_id, person)
        return changes

    def prolong(self, now: float) -> None:
        """Let every open connection count for a whole lease from now: nobody could be heard."""
        for person in self._people.values():
            for lease in person.leases.values():
                if not lease.is_closed:
                    ends = max(lease.expires_at, now + self._lease_s)
                    person.leases[lease.connection] = replace(lease, expires_at=ends)

    def rooms(self) -> list[RoomId]:
        """Return the rooms that somebody hears."""
        return list(self._rooms)

    def online_in(self, room_id: RoomId) -> list[PersonId]:
        """Return who is connected to a room and shows it, in the order of their ids."""
        people = self._rooms.get(room_id, ())
        return sorted(one for one in people if self._people[one].is_seen)

    def count_in(self, room_id: RoomId) -> int:
        """Return how many are connected to a room and show it."""
        people = self._rooms.get(room_id, ())
        return sum(self._people[one].is_seen for one in people)

    def seen_in(self, room_id: RoomId) -> tuple[Seen, ...]:
        """Return how everybody is seen who is connected to a room and shows it."""
        found = ((one, self._people[one]) for one in self.online_in(room_id))
        return tuple(Seen(one, person.look, None, person.rev) for one, person in found)

    def look_of(self, person_id: PersonId, now: float) -> Look | None:
        """Return what others may see of somebody who is connected now, and None of others."""
        person = self._people.get(person_id)
        if person is None or not person.is_seen or not person.counts_at(now):
            return None
        return person.look

    def chosen(self, people: Sequence[PersonId]) -> dict[PersonId, Chosen]:
        """Return what these people chose, there or not; who is left out chose to be online.

        For the person alone: it tells the invisible from those who are gone.
        """
        return {one: self._choices[one].chosen for one in people if one in self._choices}

    def is_connected(self, person_id: PersonId) -> bool:
        """Tell whether a connection of somebody counts or is still in its grace."""
        return person_id in self._people

    @property
    def connections(self) -> int:
        return sum(len(person.leases) for person in self._people.values())

    def _person(self, person_id: PersonId) -> _Person:
        person = self._people.get(person_id)
        if person is None:
            person = _Person({}, self._choices.get(person_id) or Choice(person_id))
            self._people[person_id] = person
        return person

    def _forget_if_gone(self, person_id: PersonId, person: _Person) -> None:
        if not person.leases:
            del self._people[person_id]

    def _changes(
        self,
        person_id: PersonId,
        person: _Person,
        before: Look,
        rooms_before: frozenset[RoomId],
        now: float,
    ) -> list[Change]:
        """Update the rooms' lists and return one change, or none."""
        rooms, look = person.rooms, person.look
        self._move(person_id, rooms_before, rooms)
        told = rooms | rooms_before if look != before else rooms - rooms_before
        if not told or look == before == GONE:
            return []
        # Milliseconds, so that a restart does not begin below what it told before.
        person.rev = max(person.rev + 1, int(now * 1000))
        # Also of who becomes invisible: without it they would not look like somebody who left.
        last_seen = now if look == GONE else None
        return [Change(person_id, look, last_seen, person.rev, told)]

    def _move(
        self, person_id: PersonId, before: frozenset[RoomId], after: frozenset[RoomId]
    ) -> None:
        for room_id in after - before:
            self._rooms[room_id].add(person_id)
        for room_id in before - after:
            self._rooms[room_id].discard(person_id)
            if not self._rooms[room_id]:
                del self._rooms[room_id]
