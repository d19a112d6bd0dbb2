"""Read cursors: how far somebody has read a room."""

from libs.common.contracts.commands import Command, MarkRead
from libs.common.contracts.ids import Seq
from services.messages.core.admission import admit_member
from services.messages.core.draft import Draft


def mark_read(draft: Draft, command: Command, wanted: MarkRead) -> Seq:
    """Move the reader's cursor to `seq`, or to the head if that is nearer; return where to.

    A cursor that is further already stays where it is. Memory is enough for this one: the cursor
    of somebody who has just left harms nobody.

    Raises: those of `admit_member`.
    """
    actor = command.actor
    admit_member(draft, actor)
    reads = draft.change.reads
    seq = Seq(max(0, min(wanted.seq, draft.head_seq), reads.get(actor.id, 0)))
    reads[actor.id] = seq
    return seq
