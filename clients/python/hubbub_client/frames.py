"""What goes over the socket, as plain values.

Unknown frames and fields are kept and passed on: a newer server may say more than this client
knows.
"""

import json
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame from the server. Only durable events of a room have a `seq`."""

    type: str
    data: Json = field(default_factory=dict)
    ref: str | None = None
    room_id: str | None = None
    seq: int | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in one room's log. Another epoch means that the log was rewound: start over."""

    epoch: str
    seq: int


class Refused(Exception):
    """The server said no. `is_retryable` says whether the same command may succeed later."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message', '')}")
        self.code = str(error.get("code", "internal"))
        self.is_retryable = bool(error.get("retryable"))
        self.retry_after_ms: int | None = error.get("retry_after_ms")
        self.error = error


def parse(text: str | bytes) -> Frame:
    """Return the only frame of a text message.  Raises: ValueError."""
    (frame,) = frames_in(text)
    return frame


def frames_in(text: str | bytes) -> list[Frame]:
    """Return the frames of one text message: one, or an array of them.

    Raises: ValueError when something else is in it.
    """
    value = json.loads(text)
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in values):
        raise ValueError("not a frame")
    return [event_in(one) for one in values]


def event_in(value: Json) -> Frame:
    """Return the frame in a JSON object, also one that stands inside another frame."""
    return Frame(**{name: value[name] for name in Frame.__slots__ if name in value})


def write(type_: str, data: Json, ref: str | None = None) -> str:
    """Return a command as it goes over the socket."""
    frame: Json = {"type": type_, "data": data}
    if ref is not None:
        frame["ref"] = ref
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
