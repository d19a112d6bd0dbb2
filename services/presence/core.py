"""The roster: all live connections, grouped by person, and what follows from them.

    connected  = at least one lease that has not run out
    shown      = offline unless connected; then what the person chose, and offline for invisible

A change is told when what is shown changes, and to a room that a person newly hears; a report that
changes neither tells nobody anything. A clean close leaves the lease for `close_grace_s`, so that a
page that reloads does not flicker.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from libs.common.contracts.commands import LeaseChange, ReportLease, SetPresence
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId
from libs.common.contracts.people import Person
from libs.common.errors import Forbidden, Invalid
from services.presence.model import Change, Choice, Chosen, Lease, Shown, Standing

MAX_STATUS_CHARS: Final = 128

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
    def shown(self) -> Shown:
        return SHOWN[self.choice.chosen] if self.leases else Shown.OFFLINE


class Roster:
    """Who is connected, and to what they listen. `now` is in seconds since 1970 throughout."""

    def __init__(self, *, lease_s: float, close_grace_s: float) -> None:
        self._lease_s = lease_s
        self._close_grace_s = close_grace_s
        self._people: dict[PersonId, _Person] = {}
        self._choices: dict[PersonId, Choice] = {}
        self._rooms: defaultdict[RoomId, set[PersonId]] = defaultdict(set)

    def remember(self, choices: Iterable[Choice]) -> None:
        """Take over what people chose before this process started."""
        for choice in choices:
            self._choices[choice.person_id] = choice

    def report(self, person_id: PersonId, report: ReportLease, now: float) -> list[Change]:
        """Note that a connection lives or ends; return what to tell."""
        person = self._person(person_id)
        before, rooms_before = person.shown, person.rooms
        known = person.leases.get(report.connection)
        if report.change is LeaseChange.CLOSED:
            if known is None:
                return []
            ends = min(known.expires_at, now + self._close_grace_s)
            person.leases[report.connection] = replace(known, expires_at=ends)
        else:
            rooms = frozenset(RoomId(room_id) for room_id in report.rooms)
            lease = Lease(person_id, report.connection, rooms, now + self._lease_s)
            person.leases[report.connection] = lease
        return self._changes(person_id, person, before, rooms_before, now)

    def choose(self, choice: Choice, now: float) -> list[Change]:
        """Note what a person wants to be seen as; return what to tell."""
        if choice.is_default:
            self._choices.pop(choice.person_id, None)
        else:
            self._choices[choice.person_id] = choice
        person = self._people.get(choice.person_id)
        if person is None:
            return []
        before = person.shown
        person.choice = choice
        return self._changes(choice.person_id, person, before, person.rooms, now)

    def expire(self, now: float) -> list[Change]:
        """Let leases that ran out end; return what to tell."""
        changes: list[Change] = []
        for person_id, person in list(self._people.items()):
            ended = [lease for lease in person.leases.values() if lease.expires_at <= now]
            if not ended:
                continue
            before, rooms_before = person.shown, person.rooms
            for lease in ended:
                del person.leases[lease.connection]
            changes += self._changes(person_id, person, before, rooms_before, now)
            if not person.leases:
                del self._people[person_id]
        return changes

    def online_in(self, room_id: RoomId) -> list[PersonId]:
        """Return who is connected to a room and shows it, in the order of their ids."""
        people = self._rooms.get(room_id, ())
        return sorted(one for one in people if self._people[one].shown is not Shown.OFFLINE)

    def standing(self, person_id: PersonId) -> Standing | None:
        """Return what others may see of somebody who is connected now, and None of others."""
        person = self._people.get(person_id)
        if person is None or person.shown is Shown.OFFLINE:
            return None
        return Standing(person_id, person.shown, person.choice.status_text, None)

    def chosen(self, people: Sequence[PersonId]) -> dict[PersonId, Chosen]:
        """Return what these people chose, there or not; who is left out chose to be online.

        For the person alone: it tells the invisible from those who are gone.
        """
        return {one: self._choices[one].chosen for one in people if one in self._choices}

    @property
    def connections(self) -> int:
        return sum(len(person.leases) for person in self._people.values())

    def _person(self, person_id: PersonId) -> _Person:
        person = self._people.get(person_id)
        if person is None:
            person = _Person({}, self._choices.get(person_id) or Choice(person_id))
            self._people[person_id] = person
        return person

    def _changes(
        self,
        person_id: PersonId,
        person: _Person,
        before: Shown,
        rooms_before: frozenset[RoomId],
        now: float,
    ) -> list[Change]:
        """Update the rooms' lists and return one change, or none."""
        rooms = person.rooms
        self._move(person_id, rooms_before, rooms)
        told = rooms | rooms_before if person.shown is not before else rooms - rooms_before
        if not told or person.shown is before is Shown.OFFLINE:
            return []
        # Milliseconds, so that a restart does not begin below what it told before.
        person.rev = max(person.rev + 1, int(now * 1000))
        # Also of who becomes invisible: without it they would not look like somebody who left.
        last_seen = now if person.shown is Shown.OFFLINE else None
        return [Change(person_id, person.shown, last_seen, person.rev, told)]

    def _move(
        self, person_id: PersonId, before: frozenset[RoomId], after: frozenset[RoomId]
    ) -> None:
        for room_id in after - before:
            self._rooms[room_id].add(person_id)
        for room_id in before - after:
            self._rooms[room_id].discard(person_id)
            if not self._rooms[room_id]:
                del self._rooms[room_id]


def newest(changes: Iterable[Change]) -> list[Change]:
    """Return one change of each person: the one with the highest rev, for the rooms of all."""
    found: dict[PersonId, Change] = {}
    for change in changes:
        known = found.get(change.person_id, change)
        later = change if change.rev >= known.rev else known
        found[change.person_id] = replace(later, rooms=known.rooms | change.rooms)
    return list(found.values())


class BadPresence(Invalid):
    """The state is none of ours, or the text is too long."""


def chosen_by(actor: Person, person_id: PersonId, wish: SetPresence) -> Choice:
    """Return the choice in a command.

    Raises: Forbidden (about somebody else), BadPresence.
    """
    if actor.id != person_id:
        raise Forbidden
    if wish.state not in set(Chosen):
        raise BadPresence(fields={"state": f"one of {', '.join(Chosen)}"})
    if wish.status_text is not None and len(wish.status_text) > MAX_STATUS_CHARS:
        raise BadPresence(fields={"status_text": f"at most {MAX_STATUS_CHARS} characters"})
    return Choice(person_id, Chosen(wish.state), wish.status_text)
