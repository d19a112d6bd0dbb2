"""What an ack says, by the command that it answers, and what every refusal says.

Both are written as dictionaries and nobody looks into them on their way: these models are for the
schemas of `chat.v1`, and for the tests that hold the writers to them.

See: docs/protocol.md, sections 4 and 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import ChosenState


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MessageTaken(_Part):
    """To `send_message`. `duplicate`: it was there already, at this place."""

    message_id: MessageId
    seq: Seq
    ts: str
    duplicate: bool


class EditTaken(_Part):
    """To `edit_message`."""

    seq: Seq
    rev: int


class DeletionTaken(_Part):
    """To `delete_message`."""

    seq: Seq


class ReactionTaken(_Part):
    """To `add_reaction` and `remove_reaction`. What was so already takes no seq."""

    changed: bool
    seq: Seq | None = None


class ReadTaken(_Part):
    """To `read`."""

    read_seq: Seq


class ChoiceTaken(_Part):
    """To `set_presence`."""

    state: ChosenState


class TokenTaken(_Part):
    """To `refresh`."""

    expires_at: str


class NothingToTell(_Part):
    """To `typing` with a `ref`."""


Acknowledged: TypeAlias = (
    MessageTaken
    | EditTaken
    | DeletionTaken
    | ReactionTaken
    | ReadTaken
    | ChoiceTaken
    | TokenTaken
    | NothingToTell
)


class ProblemShown(_Part):
    """Decide by `code`; `message` is for people. What does not apply is left out."""

    code: str
    message: str
    retryable: bool
    fields: Mapping[str, str] | None = None
    retry_after_ms: int | None = None
    until: str | None = None
    first_available_seq: int | None = None
    error_id: str | None = None


@dataclass(frozen=True, slots=True)
class Shows:
    """Has a schema say that a member is a `shape`, though nothing looks into it here."""

    shape: Any

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(TypeAdapter(self.shape).core_schema)
