"""What a poll asks, and what its answer means in the frames of a socket.

Nothing is kept between two polls but what the client itself knows: how far it has heard each room.
No I/O and no clock. See docs/protocol.md, section 14.
"""

from dataclasses import dataclass, field
from typing import Final

from hubbub_client.core import Uniform
from hubbub_client.frames import Cursor, Frame, Json, event_in

MAX_CURSORS: Final = 200

PACE_S: Final = 0.1
"""From one poll to the next at least: what is said in between comes together, and several devices
of a person stay far below what the server takes from them.
"""

AGAIN_S: Final = 1.0
"""The longest wait after an answer that came early and empty, and the one after a room could not be
looked after: so a server that leaves, or that is confused, is not asked in a circle.
"""

GREET_EVERY_S: Final = 60.0
NOW: Final = float("-inf")

UNAVAILABLE: Final = "unavailable"

TOO_MANY: Final[Json] = {
    "code": "limit_exceeded",
    "message": f"More than {MAX_CURSORS} rooms cannot be heard at once.",
    "retryable": False,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One poll. `joins` are the rooms that are being joined, by the `ref` that waits for it."""

    cursors: dict[str, Json | None]
    timeout_ms: int
    is_greeting: bool
    joins: dict[str, str]
    asked_at: float

    @property
    def body(self) -> Json:
        return {"cursors": self.cursors, "timeout_ms": self.timeout_ms, "greet": self.is_greeting}


@dataclass(slots=True)
class Polling:
    """The rooms of a client that polls.

    It greets first, to learn the same as from the `ready` of a socket, and again after polls that
    failed, when it joins a room (its standing there is in the greeting), and once a minute: what
    is told to a person between two polls is lost. `now` is monotonic, in seconds.
    """

    poll_ms: int
    _greets_at: float = NOW
    _joins: dict[str, str] = field(default_factory=dict)

    def join(self, ref: str, room_id: str) -> None:
        self._joins[ref] = room_id

    @property
    def is_joining(self) -> bool:
        return bool(self._joins)

    def greet_again(self) -> None:
        """Greet with the next poll: something may have been missed."""
        self._greets_at = NOW

    def question(self, resume: list[Json], now: float) -> Question:
        """Return what to ask; `resume` are the places of the rooms that are heard already."""
        cursors: dict[str, Json | None] = {
            place["room_id"]: {"seq": place["seq"], "epoch": place["epoch"]} for place in resume
        }
        for room_id in self._joins.values():
            if len(cursors) < MAX_CURSORS:
                cursors.setdefault(room_id, None)
        is_in_a_hurry = self._greets_at == NOW or bool(self._joins)
        is_greeting = is_in_a_hurry or now >= self._greets_at
        timeout_ms = 0 if is_in_a_hurry else self.poll_ms
        return Question(cursors, timeout_ms, is_greeting, dict(self._joins), asked_at=now)

    def answered(self, question: Question, body: Json) -> list[Frame]:
        """Return what a socket would have said, in its order; the joins are done with."""
        ready = body.get("ready")
        events = [event_in(event) for event in body["events"]]
        joined = [
            _join_answer(ref, room_id, body, events) for ref, room_id in question.joins.items()
        ]
        lost = _lost(question, body["cursors"])
        frames = [Frame("ready", ready)] if ready is not None else []
        frames += events + joined
        if lost:
            frames.append(Frame("resumed", {"rooms": lost}))
        for ref in question.joins:
            self._joins.pop(ref, None)
        if question.is_greeting:
            self._greets_at = question.asked_at + GREET_EVERY_S
        return frames


def is_answer(body: Json | None) -> bool:
    """Tell whether a body is the answer to a poll."""
    if body is None or not isinstance(body.get("events"), list):
        return False
    places = body.get("cursors")
    return isinstance(places, dict) and all(
        isinstance(place, dict) and ("seq" in place or "reason" in place)
        for place in places.values()
    )


def begun_anew(question: Question, body: Json) -> dict[str, Cursor]:
    """Return where to go on in rooms whose log has another epoch than was asked for."""
    found = {}
    for room_id, asked in question.cursors.items():
        told = body["cursors"].get(room_id, {})
        if asked is not None and told.get("epoch", asked["epoch"]) != asked["epoch"]:
            found[room_id] = Cursor(told["epoch"], told["seq"])
    return found


def pause_s(question: Question, body: Json, took_s: float, uniform: Uniform) -> float:
    """Return how long to wait before the next poll; after one that was held, not at all."""
    if any(place.get("reason") == UNAVAILABLE for place in body["cursors"].values()):
        return AGAIN_S
    is_early = took_s < question.timeout_ms / 2000
    is_empty = not (body["events"] or body.get("ready") or body.get("more"))
    if is_early and is_empty:
        return uniform(0.0, AGAIN_S)
    return max(0.0, PACE_S - took_s)


def _join_answer(ref: str, room_id: str, body: Json, events: list[Frame]) -> Frame:
    place = body["cursors"].get(room_id)
    if place is None:
        return Frame("error", TOO_MANY, ref)
    if "seq" not in place:
        reason = place["reason"]
        error = {"code": reason, "message": "", "retryable": reason == UNAVAILABLE}
        return Frame("error", error, ref)
    standings = {room["room_id"]: room for room in (body.get("ready") or {}).get("rooms", [])}
    standing = standings.get(room_id, {})
    data = {
        "room_id": room_id,
        "epoch": place["epoch"],
        "head_seq": place["seq"],
        "read_seq": standing.get("read_seq"),
        "role": standing.get("role"),
        "recovered": not any(one.type == "gap" and one.room_id == room_id for one in events),
        # A poll does not tell who is there: the states that follow do.
        "online": [],
        "online_count": None,
    }
    return Frame("room_joined", data, ref)


def _lost(question: Question, cursors: Json) -> list[Json]:
    """Return what `resumed` says of rooms that are not to be asked for any more."""
    joining = set(question.joins.values())
    return [
        {"room_id": room_id, "recovered": False, "reason": place["reason"]}
        for room_id, place in cursors.items()
        if "seq" not in place and place["reason"] != UNAVAILABLE and room_id not in joining
    ]
