"""What an accepted command is answered."""

from collections.abc import Mapping
from typing import Any

from services.messages.core.frames import shown_at
from services.messages.model.changes import Outcome


def ack(outcome: Outcome, *, is_repeat: bool) -> Mapping[str, Any]:
    """Return the data of the ack; for a repeat the same as the first time, and a post says so."""
    match outcome.kind, outcome.entry:
        case "post", entry if entry is not None and entry.message is not None:
            return {
                "message_id": entry.message.id,
                "seq": entry.seq,
                "ts": shown_at(entry.at),
                "duplicate": is_repeat,
            }
        case "edit", entry if entry is not None:
            return {"seq": entry.seq, "rev": entry.detail}
        case (("add_reaction" | "remove_reaction"), None):
            return {"changed": False}
        case (("add_reaction" | "remove_reaction"), entry) if entry:
            return {"changed": True, "seq": outcome.seq}
        case _:
            return {"seq": outcome.seq}
