"""Decides what the commands of one batch do to one room: pure, in their order, all or nothing.

    asked before?  same content: the first outcome again;  other content: IdempotencyConflict
    too late?      TimedOut
    sender aside?  aside too, so that a sender's commands keep their order
    else           the rule of its kind: an effect, a refusal, or doubt, which puts it aside

Accepting takes less knowledge than refusing. What is accepted upon memory is compared by the store
when it is written; a refusal is never compared with anything. So the first refusal or doubt that
is met with incomplete knowledge makes the decision unsure: read everything and decide again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from libs.common.contracts.commands import Command, MarkRead
from libs.common.contracts.frames import MemberShown
from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.errors import ChatError, IdempotencyConflict, TimedOut
from services.messages.core.acks import ack
from services.messages.core.admission import InDoubt
from services.messages.core.draft import Circumstances, Draft
from services.messages.core.erasing import erase
from services.messages.core.habits import Taken
from services.messages.core.messages import delete, edit, post
from services.messages.core.pace import Pace
from services.messages.core.projection import project_member, project_room
from services.messages.core.purging import purge_room
from services.messages.core.reactions import add_reaction, remove_reaction
from services.messages.core.receipts import mark_read
from services.messages.model.changes import Asked, Change, Known, Outcome
from services.messages.model.log import Entry, EntryKind

TOLD_BY_ROOMS: Final = frozenset({"project_room", "project_member", "purge_room"})
"""Facts, whoever caused them: never too late, and never waiting for news of a sender."""

MOVES: Final = frozenset({EntryKind.JOINED, EntryKind.LEFT})


class Reply(msgspec.Struct, frozen=True):
    """What the sender of a command is told: `said` is the data of the ack, or the refusal."""

    asked: Asked
    said: Mapping[str, Any] | ChatError


@dataclass(slots=True)
class Decision:
    """What a room's commands came to; when it `is_unsure`, nothing else in it counts.

    `taken` is what counts against the habits of those who wrote. `again` are the entries of
    repeated commands, to be published once more; `moved` those, new or repeated, by which somebody
    came or left who is still there or still gone.
    """

    known: Known
    change: Change
    pace: Pace
    taken: Taken
    replies: list[Reply] = field(default_factory=list)
    again: dict[Seq, Entry] = field(default_factory=dict)
    moved: list[Entry] = field(default_factory=list)
    aside: list[Asked] = field(default_factory=list)
    is_unsure: bool = False


def decide(
    room_id: RoomId,
    known: Known,
    commands: Sequence[Asked],
    *,
    pace: Pace,
    around: Circumstances,
) -> Decision:
    """Obey the commands in order, upon what is known.

    Raises: RoomNeverTold.
    """
    draft = Draft(room_id, known, pace=pace, around=around)
    decision = Decision(known, draft.change, pace, draft.taken)
    people_aside: set[PersonId] = set()
    for asked in commands:
        try:
            if people_aside and _is_from(people_aside, asked):
                raise InDoubt
            said: Mapping[str, Any] | ChatError = _obey(draft, asked, decision)
        except (ChatError, InDoubt) as no:
            if not known.is_complete:
                decision.is_unsure = True
                return decision
            if isinstance(no, InDoubt):
                people_aside.add(asked.command.actor.id)
                decision.aside.append(asked)
                continue
            said = no
        decision.replies.append(Reply(asked, said))
    decision.pace = draft.pace
    decision.moved = _moved(draft, decision)
    draft.finish()
    return decision


def _obey(draft: Draft, asked: Asked, decision: Decision) -> Mapping[str, Any]:
    """Obey one command and return its ack.

    Raises: a refusal, or InDoubt.
    """
    command = asked.command
    if type(asked.payload) is MarkRead:
        _check_deadline(draft, asked)
        return {"read_seq": mark_read(draft, command, asked.payload)}
    key = asked.key
    before = draft.outcome(key)
    if before is not None:
        return _recall(before, asked, decision)
    if command.kind not in TOLD_BY_ROOMS:
        _check_deadline(draft, asked)
    effect = RULES[command.kind](draft, command, asked.payload)
    if isinstance(effect, Entry):
        outcome = Outcome(command.kind, asked.content_hash, effect.seq, effect)
    else:
        outcome = Outcome(command.kind, asked.content_hash, effect, entry=None)
    draft.change.outcomes[key] = outcome
    return ack(outcome, is_repeat=False)


def _recall(before: Outcome, asked: Asked, decision: Decision) -> Mapping[str, Any]:
    """Return the first outcome; its event may never have left, so it goes out again."""
    if before.content_hash != asked.content_hash:
        raise IdempotencyConflict
    if before.entry is not None and asked.key not in decision.change.outcomes:
        decision.again[before.entry.seq] = before.entry
    return ack(before, is_repeat=True)


def _is_from(people: set[PersonId], asked: Asked) -> bool:
    return asked.command.actor.id in people and asked.command.kind not in TOLD_BY_ROOMS


def _moved(draft: Draft, decision: Decision) -> list[Entry]:
    return [
        entry
        for entry in (*decision.again.values(), *decision.change.entries)
        if entry.kind in MOVES
        and isinstance(entry.detail, MemberShown)
        and draft.is_in(entry.detail.person.id) is (entry.kind is EntryKind.JOINED)
    ]


def _check_deadline(draft: Draft, asked: Asked) -> None:
    if asked.command.deadline < draft.around.now:
        raise TimedOut


RULES: Final[Mapping[str, Callable[[Draft, Command, Any], Entry | Seq | None]]] = {
    "post": post,
    "edit": edit,
    "delete": delete,
    "add_reaction": add_reaction,
    "remove_reaction": remove_reaction,
    "project_room": project_room,
    "project_member": project_member,
    "purge_room": purge_room,
    "erase": erase,
}
"""For each kind of command what it does, given its payload: the entry that it appends, the seq at
which what it wants was done before, or None when it changes nothing.
"""
