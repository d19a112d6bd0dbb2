"""The connections of this gateway that know whose they are: by id, by person, by session."""

from contextlib import suppress
from typing import Final, TypeVar

from libs.common.contracts.events import Answer, Personal
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId, SessionId
from libs.common.contracts.muting import muted_until
from services.gateway.core.forms import Forms
from services.gateway.hub.room import Listener

ENTERED: Final = "room_added"
"""The kind of frame that tells somebody of their new room."""

MUTED: Final = "muted"
"""The kind of frame that tells somebody that they may write no more in a room, or may again."""

K = TypeVar("K")

Grouped = dict[K, dict[Listener, None]]
"""Dicts without values are sets that remember who came first."""


class People:
    def __init__(self) -> None:
        self._connections: dict[ConnectionId, Listener] = {}
        self._people: Grouped[PersonId] = {}
        self._sessions: Grouped[SessionId] = {}
        self._uncounted: set[Listener] = set()

    def __len__(self) -> int:
        return len(self._connections)

    def add(self, listener: Listener, *, max_of_person: int | None) -> Listener | None:
        """Take a connection in; return the person's oldest when there are too many now.

        `None`: it neither counts nor is ended for another. Of several with one id the newest is
        known by it.
        """
        self._connections[listener.connection_id] = listener
        if listener.session_id is not None:
            self._sessions.setdefault(listener.session_id, {})[listener] = None
        of_person = self._people.setdefault(listener.person_id, {})
        of_person[listener] = None
        if max_of_person is None:
            self._uncounted.add(listener)
            return None
        counted = [one for one in of_person if one not in self._uncounted]
        return counted[0] if len(counted) > max_of_person else None

    def remove(self, listener: Listener) -> None:
        """Forget a connection; harmless for one that never came."""
        if listener not in self._uncounted and listener.connection_id not in self._connections:
            return
        if self._connections.get(listener.connection_id) is listener:
            del self._connections[listener.connection_id]
        self._uncounted.discard(listener)
        if listener.session_id is not None:
            _take_out(self._sessions, listener.session_id, listener)
        _take_out(self._people, listener.person_id, listener)

    def of_person(self, person_id: PersonId) -> list[Listener]:
        return list(self._people.get(person_id, ()))

    def of_session(self, session_id: SessionId) -> list[Listener]:
        return list(self._sessions.get(session_id, ()))

    def connections(self) -> list[ConnectionId]:
        return list(self._connections)

    def connection(self, connection_id: ConnectionId) -> Listener | None:
        return self._connections.get(connection_id)

    def answer(self, answer: Answer) -> None:
        """Pass an answer on to whoever asked, if they are still there."""
        listener = self._connections.get(answer.connection)
        if listener is not None:
            listener.answered(answer.ref, answer.frame)

    def lose_answers(self) -> None:
        """Let everybody ask again who waits for an answer: it may have been lost on its way."""
        for listener in list(self._connections.values()):
            listener.lose_answers()

    def tell(self, personal: Personal) -> int:
        """Hand a frame to all connections of one person; return how many those are."""
        listeners = self._people.get(personal.person_id)
        if listeners is None:
            return 0
        forms = Forms([personal.frame])
        for listener in listeners:
            if personal.room_id is not None:
                _note(personal, RoomId(personal.room_id), listener)
            listener.outbox.put(forms.of(listener.outbox.form))
        return len(listeners)


def _note(personal: Personal, room_id: RoomId, listener: Listener) -> None:
    """Take note of what a frame to a person changes for one of their connections."""
    if personal.kind == ENTERED:
        listener.enter_room(room_id)
    elif personal.kind == MUTED:
        # From a newer release it may look otherwise; the client hears it all the same.
        with suppress(ValueError):
            listener.mute_in_room(room_id, muted_until(personal.frame))


def _take_out(groups: Grouped[K], key: K, listener: Listener) -> None:
    group = groups[key]
    del group[listener]
    if not group:
        del groups[key]
