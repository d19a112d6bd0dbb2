"""One client's part of a transcript, made ready for a player in any language.

docs/transcripts/parts.json has all parts, written by `make docs`:

    {"transcript": "gap", "who": "B", "token": "...", "steps": [
      {"do": "connect"}                     the client opens a socket, or comes back by itself
      {"do": "hear", "frame": {...}}        it hears this frame, which is whole
      {"do": "say", "frame": {...}, "by": "itself"}
                                            it says this; by "person": somebody has to do it
      {"do": "cut"}                         its socket ends without a goodbye
      {"do": "close", "code": 1012, "reason": ""}]}

A `ref` and a `client_msg_id` are the client's to choose: those of a part stand for what it chose.
A member "..." in an object that is said means that more may stand there.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from hubbub_client.frames import Json
from tests.transcripts.happenings import NAMES, Connects, IsCut, RoomIs
from tests.transcripts.notation import Closed, Heard, Said, Transcript
from tests.transcripts.patterns import REST, Name, Names, filled
from tests.transcripts.whole import Inventor, examples, whole

TOKEN: Final = "header.claims.signature"

BY_ITSELF: Final = frozenset({"auth", "refresh", "resume", "sync", "ping"})
"""What no person makes a client say."""


def parts(transcripts: Iterable[Transcript]) -> list[Json]:
    """Return all parts that a client can be held to, in the order of the transcripts."""
    return [part_of(transcript, who) for transcript in transcripts for who in transcript.clients]


def written(transcripts: Iterable[Transcript]) -> str:
    """Return docs/transcripts/parts.json."""
    return json.dumps(parts(transcripts), indent=1, ensure_ascii=False) + "\n"


def part_of(transcript: Transcript, who: str) -> Json:
    """Return the part of `who`. Requests over HTTP are not in it, nor is what others do."""
    steps = list(_Steps(who).of(transcript))
    return {"transcript": transcript.name, "who": who, "token": TOKEN, "steps": steps}


class _Steps:
    """Names get their values in the order in which they are seen."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._sent: set[str] = set()
        self._inventor = Inventor()
        known = examples()
        self._names: Names = {
            "bob": known["Ready"]["data"]["person"]["id"],
            "alice": known["MessageFrame"]["data"]["author"]["id"],
            f"{NAMES[who].lower()}'s token": TOKEN,
        }

    def of(self, transcript: Transcript) -> Iterator[Json]:
        for line in transcript.lines:
            match line.step:
                case RoomIs(room):
                    self._names[room] = examples()["Ready"]["data"]["rooms"][0]["room_id"]
                case Connects(who) if who == self._who:
                    yield {"do": "connect"}
                case IsCut(who) if who == self._who:
                    yield {"do": "cut"}
                case Closed(who, code, reason) if who == self._who:
                    yield {"do": "close", "code": code, "reason": reason or ""}
                case Heard(who, frame) if who == self._who:
                    frame = whole(frame)
                    self._inventor.bind(frame, self._names)
                    yield {"do": "hear", "frame": filled(frame, self._names)}
                case Said(who, frame) if who == self._who:
                    yield {"do": "say", "frame": self._shown(frame), "by": self._by(frame)}
                case _:
                    # What others do, the client learns by what it hears.
                    pass

    def _by(self, frame: Json) -> str:
        key = frame["data"].get("client_msg_id")
        is_repeat = key in self._sent
        if key is not None:
            self._sent.add(key)
        return "itself" if is_repeat or frame["type"] in BY_ITSELF else "person"

    def _shown(self, pattern: Any) -> Any:
        """Return what is said, with values for names, and what it leaves open left open."""
        match pattern:
            case dict():
                return {key: self._shown(part) for key, part in pattern.items()}
            case list():
                return [self._shown(part) for part in pattern]
            case Name() | str() if pattern != REST:
                return filled(pattern, self._names)
            case _:
                return pattern
