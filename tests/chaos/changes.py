"""Holds what members of a room heard against its log, and both against what was acknowledged.

`checker` does that for many messages; this one does it for every kind of change, in a room of which
everything that was done is known. Like that one it looks only from outside.

    lost       acknowledged, but not in the log, or not at the seq that was acknowledged
    doubled    in the log more than once
    ghost      in the log, and nobody did it
    hole       a member missed an entry, heard it twice, out of order or after they were out
    diverged   what a member has put together is not the room as HTTP shows it
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hubbub_client.frames import Frame, Json


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was acknowledged: the type of its entry, what its data must say, and the seq
    that the ack named, if it named one.
    """

    type: str
    says: Json
    seq: int | None = None

    def is_told_by(self, entry: Frame) -> bool:
        return entry.type == self.type and _says(entry.data, self.says)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a member heard behind the seq `since`; `until` is the entry that took them out."""

    since: int
    entries: Sequence[Frame]
    until: int | None = None


@dataclass(slots=True)
class View:
    """A room as somebody sees it: contents and revisions by message, names and roles by person."""

    messages: dict[str, tuple[str, int]] = field(default_factory=dict)
    reactions: Counter[tuple[str, str]] = field(default_factory=Counter)
    members: dict[str, tuple[str, str]] = field(default_factory=dict)
    title: str | None = None

    def apply(self, entry: Frame) -> None:
        """Take in the next entry of the log."""
        data = entry.data
        match entry.type:
            case "message" | "message_edited":
                self.messages[data["id"]] = (data["content"], data["rev"])
            case "message_deleted":
                self.messages[data["id"]] = ("", self.messages[data["id"]][1])
            case "reaction_added":
                self.reactions[data["message_id"], data["emoji"]] += 1
            case "reaction_removed":
                self.reactions[data["message_id"], data["emoji"]] -= 1
            case "member_joined" | "member_updated":
                self.members[data["person"]["id"]] = (data["person"]["name"], data["role"])
            case "member_left":
                del self.members[data["person"]["id"]]
            case "room_updated":
                self.title = data["title"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A room as HTTP shows it: its log, its messages, its members, and itself."""

    log: Sequence[Frame]
    messages: Sequence[Json]
    members: Sequence[Json]
    room: Json

    def view(self) -> View:
        return View(
            messages={one["id"]: (one["content"], one["rev"]) for one in self.messages},
            reactions=Counter(
                {
                    (one["id"], reaction["emoji"]): reaction["count"]
                    for one in self.messages
                    for reaction in one["reactions"]
                }
            ),
            members={
                one["person"]["id"]: (one["person"]["name"], one["role"]) for one in self.members
            },
            title=self.room["title"],
        )


def judge(done: Iterable[Done], heard: Mapping[str, Heard], shown: Shown) -> list[str]:
    """Return every breach of the promise in this room, each in a sentence."""
    return [
        *_of_log(list(done), shown.log),
        *(breach for name, one in heard.items() for breach in _of_member(name, one, shown)),
    ]


def _of_log(done: Sequence[Done], log: Sequence[Frame]) -> Iterable[str]:
    for change in done:
        seqs = [entry.seq for entry in log if change.is_told_by(entry)]
        if not seqs or change.seq not in (None, *seqs):
            yield f"lost: {change}, found at {seqs}"
        if len(seqs) > 1:
            yield f"doubled: {change} at {seqs}"
    for place, entry in enumerate(log, 1):
        if entry.seq != place:
            yield f"hole: the log has {entry.seq} at {place}"
        if not any(change.is_told_by(entry) for change in done):
            yield f"ghost: {entry}"


def _of_member(name: str, heard: Heard, shown: Shown) -> Iterable[str]:
    expected = [
        (entry.seq, entry.type)
        for place, entry in enumerate(shown.log, 1)
        if heard.since < place <= (heard.until or len(shown.log))
    ]
    if [(entry.seq, entry.type) for entry in heard.entries] != expected:
        told = [(entry.seq, entry.type) for entry in heard.entries]
        yield f"hole: {name} heard {told} of {expected}"
    elif heard.until is None:
        view = View()
        for entry in (*shown.log[: heard.since], *heard.entries):
            view.apply(entry)
        if not _agree(view, shown.view()):
            yield f"diverged: {name} sees {view}, there is {shown.view()}"


def _agree(seen: View, there: View) -> bool:
    return (
        seen.messages == there.messages
        and +seen.reactions == there.reactions
        and seen.members == there.members
        and seen.title in (None, there.title)
    )


def _says(said: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(said, dict) and all(
            _says(said.get(name), value) for name, value in wanted.items()
        )
    return bool(said == wanted)
