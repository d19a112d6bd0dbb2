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
from collections.abc import Iterable, KeysView, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from libs.common.contracts.commands import LeaseChange, ReportLease
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId
from services.presence.core.endings import Endings, Lease
from services.presence.model import (
    GONE,
    Change,
    Choice,
    Chosen,
    LastSeenTo,
    Look,
    Seen,
    Shown,
)

Lists = defaultdict[RoomId, dict[PersonId, None]]
"""Of each room the people who are in it, in the order in which they came."""

NOWHERE: Final[frozenset[RoomId]] = frozenset()
NOBODY: Final[Mapping[PersonId, None]] = {}

SHOWN: Final = {
    Chosen.ONLINE: Shown.ONLINE,
    Chosen.AWAY: Shown.AWAY,
    Chosen.DND: Shown.DND,
    Chosen.INVISIBLE: Shown.OFFLINE,
}


@dataclass(slots=True)
class _Person:
    """What is known of one person who is or was connected."""

    id: PersonId
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

    def counts_at(self, now: float) -> bool:
        return any(lease.expires_at > now for lease in self.leases.values())


class Roster:
    """Who is connected, and to what they listen. `now` is in seconds since 1970 throughout."""

    def __init__(self, *, lease_s: float, close_grace_s: float) -> None:
        self._lease_s = lease_s
        self._close_grace_s = close_grace_s
        self._people: dict[PersonId, _Person] = {}
        self._endings = Endings()
        self._choices: dict[PersonId, Choice] = {}
        self._unseen: set[PersonId] = set()
        self._rooms: Lists = defaultdict(dict)
        # Those of them who show it. Kept and not looked for: whoever comes into a room asks who is
        # there, and there may be ten thousand.
        self._shown: Lists = defaultdict(dict)
        self.is_whole = False

    def remember(self, choices: Iterable[Choice], unseen: Iterable[PersonId]) -> None:
        """Take over what people chose before this process started; `unseen` are those of whom
        nobody may know when they were last seen.
        """
        for choice in choices:
            self._choices[choice.person_id] = choice
        self._unseen.update(unseen)

    def show_last_seen(self, person_id: PersonId, to: LastSeenTo) -> None:
        """Tell from now on, or not, when somebody was last seen."""
        if to is LastSeenTo.NOBODY:
            self._unseen.add(person_id)
        else:
            self._unseen.discard(person_id)

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
                self._close(known, now)
        elif late_s < self._lease_s:
            self._renew(person, known, report, ends_at=now + self._lease_s - late_s)
        changes = self._changes(person, before, rooms_before, now)
        self._forget_if_gone(person)
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
        return self._changes(person, before, person.rooms, now)

    def expire(self, now: float) -> list[Change]:
        """Let leases that ran out end; return what to tell. Nothing ends before it is whole."""
        changes: list[Change] = []
        if not self.is_whole:
            return changes
        ended: defaultdict[PersonId, list[Lease]] = defaultdict(list)
        for lease in self._endings.ended(now):
            ended[lease.person_id].append(lease)
        for person_id, leases in ended.items():
            person = self._people[person_id]
            before, rooms_before = person.look, person.rooms
            for lease in leases:
                del person.leases[lease.connection]
            changes += self._changes(person, before, rooms_before, now)
            self._forget_if_gone(person)
        return changes

    def prolong(self, now: float) -> None:
        """Let every open connection count for a whole lease from now: nobody could be heard."""
        for person in self._people.values():
            for lease in person.leases.values():
                if not lease.is_closed:
                    lease.expires_at = max(lease.expires_at, now + self._lease_s)

    def rooms(self) -> list[RoomId]:
        """Return the rooms that somebody hears."""
        return list(self._rooms)

    def online_in(self, room_id: RoomId) -> KeysView[PersonId]:
        """Return who is connected to a room and shows it, in the order in which they came."""
        return self._shown.get(room_id, NOBODY).keys()

    def count_in(self, room_id: RoomId) -> int:
        """Return how many are connected to a room and show it."""
        return len(self.online_in(room_id))

    def seen_in(self, room_id: RoomId, *, at_most: int) -> tuple[Seen, ...]:
        """Return how those are seen who are connected to a room and show it; of more than so many
        those who came first.
        """
        found = ((one, self._people[one]) for one in islice(self.online_in(room_id), at_most))
        return tuple(Seen(one, person.look, None, person.rev) for one, person in found)

    def look_of(self, person_id: PersonId, now: float) -> Look | None:
        """Return what others may see of somebody who is connected now, and None of others."""
        person = self._people.get(person_id)
        if person is None or person.look == GONE or not person.counts_at(now):
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

    def _renew(
        self, person: _Person, known: Lease | None, report: ReportLease, *, ends_at: float
    ) -> None:
        lease = known
        if lease is None:
            lease = Lease(person.id, report.connection, NOWHERE, ends_at)
            person.leases[report.connection] = lease
        lease.rooms = frozenset(RoomId(room_id) for room_id in report.rooms)
        lease.expires_at = ends_at
        lease.is_closed = False
        self._endings.put(lease)

    def _close(self, lease: Lease, now: float) -> None:
        lease.expires_at = min(lease.expires_at, now + self._close_grace_s)
        lease.is_closed = True
        self._endings.put(lease)

    def _person(self, person_id: PersonId) -> _Person:
        person = self._people.get(person_id)
        if person is None:
            person = _Person(person_id, {}, self._choices.get(person_id) or Choice(person_id))
            self._people[person_id] = person
        return person

    def _forget_if_gone(self, person: _Person) -> None:
        if not person.leases:
            del self._people[person.id]

    def _changes(
        self, person: _Person, before: Look, rooms_before: frozenset[RoomId], now: float
    ) -> list[Change]:
        """Update the rooms' lists and return one change, or none."""
        rooms, look = person.rooms, person.look
        # Nearly every report is a renewal that says the same again.
        if look == before and rooms == rooms_before:
            return []
        _move(self._rooms, person.id, rooms_before, rooms)
        shown_before = NOWHERE if before == GONE else rooms_before
        _move(self._shown, person.id, shown_before, NOWHERE if look == GONE else rooms)
        told = rooms | rooms_before if look != before else rooms - rooms_before
        # Who goes was seen, also where no room has heard of them yet.
        has_gone = look == GONE != before
        if look == before == GONE or not (told or has_gone):
            return []
        # Milliseconds, so that a restart does not begin below what it told before.
        person.rev = max(person.rev + 1, int(now * 1000))
        # Also of who becomes invisible: without it they would not look like somebody who left.
        last_seen = now if look == GONE and person.id not in self._unseen else None
        return [Change(person.id, look, last_seen, person.rev, told)]


def _move(
    lists: Lists, person_id: PersonId, before: frozenset[RoomId], after: frozenset[RoomId]
) -> None:
    for room_id in after - before:
        lists[room_id][person_id] = None
    for room_id in before - after:
        del lists[room_id][person_id]
        if not lists[room_id]:
            del lists[room_id]
