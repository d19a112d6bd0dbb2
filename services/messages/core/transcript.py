"""What a transcript looks like: a text for people, or a message in each line for programs.

A text has one line per message; further lines of a message are indented, names have no colon and
guests are called so, that nobody can write what looks like somebody else's line. Times are in UTC.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import Person, PersonKind
from libs.common.times import rfc3339, rfc3339_if
from services.messages.model.log import Message
from services.messages.model.rooms import Room

NAME_CHARS: Final = 50
"""Of a title, in the name of a file."""

UNSAFE: Final = re.compile(r"[^a-z0-9]+")

INDENT: Final = "\n    "

COLONS: Final = str.maketrans(":\uff1a", "  ")
"""End a name in a text, so no name holds one: "Alice: I quit" is what somebody may be called."""


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


class SpokenLine(BaseModel):
    """One line of a transcript in JSON."""

    seq: Seq
    id: MessageId
    created_at: str
    author: PersonShown
    content: str
    edited_at: str | None
    reply_to: MessageId | None


def file_name(room: Room, fmt: Format, *, now: float) -> str:
    """Return a name for the file: small letters, digits and hyphens, whatever the title is."""
    title = UNSAFE.sub("-", room.title.lower())[:NAME_CHARS].strip("-")
    day = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")
    ending = "txt" if fmt is Format.TEXT else "ndjson"
    return "-".join(part for part in ("transcript", title, day) if part) + f".{ending}"


def heading(room: Room, *, now: float) -> str:
    """Return what stands above a text."""
    return f"{_one_line(room.title)}\nTranscript of {_time(now)} UTC\n\n"


def text_line(message: Message) -> str:
    """Return a message as people read it."""
    content = INDENT.join(message.content.splitlines())
    return f"[{_time(message.created_at)}] {_name(message.author)}: {content}\n"


def json_line(message: Message) -> str:
    """Return a message as programs read it."""
    line = SpokenLine(
        seq=message.seq,
        id=message.id,
        created_at=rfc3339(message.created_at),
        author=PersonShown.of(message.author),
        content=message.content,
        edited_at=rfc3339_if(message.edited_at),
        reply_to=message.reply_to,
    )
    return line.model_dump_json() + "\n"


def cut_off(fmt: Format, code: str) -> str:
    """Return what stands at the end of a transcript that is not whole; `code` says why.

    No message looks like this line of a text. That for programs is no JSON: whoever reads all lines
    cannot take the transcript for whole.
    """
    if fmt is Format.TEXT:
        return f"*** Cut off here: {code}. There is more. ***\n"
    return f'{{"cut_off":"{code}"'


def _name(author: Person) -> str:
    name = _one_line(author.name.translate(COLONS))
    return f"{name} (guest)" if author.kind is PersonKind.GUEST else name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
