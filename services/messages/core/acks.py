"""What an accepted command is answered."""

from collections.abc import Mapping
from typing import Any, Final

from services.messages.core.frames import shown_at
from services.messages.model.changes import Outcome

CHANGES: Final = frozenset({"add_reaction", "remove_reaction", "erase"})
"""Kinds that are answered with whether there was anything to change."""


def ack(outcome: Outcome, *, is_repeat: bool) -> Mapping[str, Any]:
    """Return the data of the ack; for a repeat the same as the first time, and a post says so."""
    entry = outcome.entry
    if outcome.kind == "post" and entry is not None and entry.message is not None:
        return {
            "message_id": entry.message.id,
            "seq": entry.seq,
            "ts": shown_at(entry.at),
            "duplicate": is_repeat,
        }
    if outcome.kind == "edit" and entry is not None:
        return {"seq": entry.seq, "rev": entry.detail}
    if outcome.kind in CHANGES:
        has_changed = outcome.seq is not None
        return {"changed": has_changed} | ({"seq": outcome.seq} if has_changed else {})
    return {"seq": outcome.seq}
