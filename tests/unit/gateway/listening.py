"""A client without a socket: what it was sent can be read, and it takes as much as a test says."""

import asyncio
import json
from collections.abc import Coroutine, Sequence
from typing import Any

from libs.common.contracts.ids import ConnectionId, PersonId, RoomId, SessionId
from libs.common.contracts.internal import RoomStanding
from libs.common.contracts.people import Person
from libs.common.errors import ChatError
from services.gateway.core import effects
from services.gateway.core.outbox import Outbox, text_frame
from services.gateway.core.places import Place
from services.gateway.core.refusals import CloseCode
from services.gateway.core.session import Session
from services.gateway.frames.heard import Spoken
from tests.unit.gateway.fakes import ALICE
from tests.unit.gateway.speaking import NOW, bearer, new_session, say


class FakeClient:
    """Somebody's connection; `frames` empties its outbox."""

    def __init__(
        self,
        person: Person = ALICE,
        *,
        name: str = "c-1",
        belongs_to_session: bool = True,
        **knobs: Any,
    ) -> None:
        self.person = person
        self._session_id = SessionId(person.id) if belongs_to_session else None
        self.connection_id = ConnectionId(name)
        self.outbox = Outbox(
            max_frames=512, max_bytes=1 << 20, max_states=512, on_wanted=lambda: None
        )
        self.session: Session = new_session(**knobs)
        say(self.session, "auth", {"token": "t"}, ref="a")
        self.session.admit(bearer(person), [], NOW, presence_state="online")
        self.address = "192.0.2.1"
        self.lost: list[tuple[RoomId, str]] = []
        self.ends: list[tuple[CloseCode, str]] = []
        self.done: list[effects.Effect] = []
        self.reads = 0
        self.reports = 0
        self.can_report = True
        self.takes = asyncio.Event()
        self.takes.set()
        self.most_waiting = 0
        self.sent: list[Any] = []

    @property
    def person_id(self) -> PersonId:
        return self.person.id

    @property
    def session_id(self) -> SessionId | None:
        return self._session_id

    @property
    def is_closed(self) -> bool:
        """Tell whether the session wants it closed."""
        return any(isinstance(effect, effects.Close) for effect in self.done)

    @property
    def is_loaded(self) -> bool:
        self.most_waiting = max(self.most_waiting, len(self.outbox))
        return len(self.outbox) >= 64

    def frames(self) -> list[dict[str, Any]]:
        """Return what waits in the outbox, and empty it."""
        return [json.loads(payload) for payload in payloads(self.outbox.take())]

    def heard(self) -> list[Any]:
        """Return what waits as seqs of events and types of everything else."""
        return [frame.get("seq", frame["type"]) for frame in self.frames()]

    def listen_to(self, standing: RoomStanding) -> None:
        self.session.duties.places.joined(standing.room_id, Place.of(standing))

    def rooms(self) -> set[RoomId]:
        return self.session.duties.places.rooms()

    def enter_room(self, room_id: RoomId) -> None:
        self.session.duties.places.entered(room_id)

    def mute_in_room(self, room_id: RoomId, until: float) -> None:
        self.session.duties.places.muted(room_id, until)

    def lose_room(self, room_id: RoomId, reason: str) -> None:
        self.lost.append((room_id, reason))
        self.do(self.session.lose_room(room_id, reason, NOW))

    def answered(self, ref: str, frame: bytes) -> None:
        if self.session.duties.pending.settle(ref):
            self.put(frame)

    def refused(self, ref: str, refusal: ChatError) -> None:
        self.do(self.session.refuse(ref, refusal))

    def lose_answers(self) -> None:
        self.do(self.session.duties.lose_answers())

    def rename(self, name: str) -> None:
        self.session.rename(name)

    def report_lease(self) -> bool:
        self.reports += 1
        return self.can_report

    def end(self, code: CloseCode, reason: str = "") -> None:
        self.ends.append((code, reason))

    def do(self, wanted: Sequence[effects.Effect]) -> None:
        for effect in wanted:
            self.done.append(effect)
            if isinstance(effect, effects.Tell):
                self.tell(effect.frame)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        raise AssertionError("nothing here begins work of its own")

    def ping(self) -> None:
        raise AssertionError("nothing here pings")

    def part(self, code: CloseCode, reason: str) -> None:
        self.ends.append((code, reason))

    def forget_room(self, room_id: RoomId) -> None:
        self.outbox.forget_room(room_id)

    def tell(self, frame: Spoken) -> None:
        self.put(frame.stamped("now"))

    def put(self, payload: bytes) -> None:
        self.outbox.put(text_frame(payload))

    def read_on(self) -> None:
        self.reads += 1

    async def paced(self) -> None:
        self.most_waiting = max(self.most_waiting, len(self.outbox))
        await self.takes.wait()
        self.sent += self.heard()


def payloads(data: bytes) -> list[bytes]:
    """Take WebSocket frames of a server apart."""
    found = []
    while data:
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10]), 10
        found.append(data[start : start + size])
        data = data[start + size :]
    return found
