"""Commands over HTTP: the request that does the same, and the frame that its answer comes to.

The answers tell a little less than those over the socket: of an edit not the `seq`, of a deletion
nothing. A command without a twin is refused here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from hubbub_client.frames import Frame, Json
from hubbub_client.ways import is_our_refusal


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    body: Json | None = None
    query: dict[str, str | int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is None when it is no JSON object, which is nobody's answer to us."""

    status: int
    body: Json | None
    retry_after: str = ""

    @property
    def is_ok(self) -> bool:
        """Tell whether it is the answer that was hoped for; a page that anybody shows is not."""
        return 200 <= self.status < 300 and self.body is not None

    @property
    def is_refusal(self) -> bool:
        """Tell whether our server said no; a proxy's no has no `code` of ours."""
        return not self.is_ok and is_our_refusal(self.body)


UNKNOWN: Final[Json] = {
    "code": "timeout",
    "message": "The network lost the answer, so the outcome is unknown.",
    "retryable": True,
}
"""What a command comes to when its request was cut: repeating it with the same id settles it."""

NO_TWIN: Final[Json] = {
    "code": "unknown_type",
    "message": "This cannot be done while the client polls.",
    "retryable": False,
}
INCOMPLETE: Final[Json] = {
    "code": "invalid",
    "message": "The command lacks a field.",
    "retryable": False,
}


def request_for(type_: str, data: Json) -> Request:
    """Return the request that does what a command does.

    Raises: LookupError (`NoTwin` when there is none, KeyError when the command lacks a field).
    """
    try:
        make, _ = _TWINS[type_]
    except KeyError:
        raise NoTwin(type_) from None
    return make(data)


class NoTwin(LookupError):
    """A command that has no twin over HTTP."""


def answer_to(type_: str, ref: str | None, answer: Answer) -> Frame:
    """Return the frame with which the socket would have answered the command."""
    if answer.is_refusal:
        return Frame("error", answer.body or {}, ref)
    _, read = _TWINS[type_]
    try:
        data = read(answer.body or {}, answer.status) if answer.is_ok else None
    except (KeyError, TypeError):
        data = None
    if data is None:
        return Frame("error", UNKNOWN, ref)
    return Frame("events" if type_ == "sync" else "ack", data, ref)


def _send(data: Json) -> Request:
    more = {name: value for name, value in data.items() if name not in _NOT_IN_BODY and value}
    return Request(
        "POST",
        f"/v1/rooms/{_part(data['room_id'])}/messages",
        {"content": data["content"], **more},
        headers={"idempotency-key": data["client_msg_id"]},
    )


_NOT_IN_BODY: Final = {"room_id", "client_msg_id", "content"}


def _sent(body: Json, status: int) -> Json:
    message = body["message"]
    return {
        "message_id": message["id"],
        "seq": message["seq"],
        "ts": message["created_at"],
        "duplicate": status == 200,
    }


def _edit(data: Json) -> Request:
    body: Json = {name: data[name] for name in ("content", "expected_rev") if name in data}
    return Request("PATCH", _message(data), body)


def _edited(body: Json, _: int) -> Json:
    return {"rev": body["message"]["rev"]}


def _delete(data: Json) -> Request:
    return Request("DELETE", _message(data))


def _deleted(_body: Json, _status: int) -> Json:
    return {}


def _react(data: Json) -> Request:
    return Request("PUT", _reaction(data))


def _unreact(data: Json) -> Request:
    return Request("DELETE", _reaction(data))


def _reacted(body: Json, _: int) -> Json:
    return {"changed": body["changed"]}


def _read(data: Json) -> Request:
    return Request("PUT", f"/v1/rooms/{_part(data['room_id'])}/read", {"seq": data["seq"]})


def _was_read(body: Json, _: int) -> Json:
    return {"read_seq": body["read_seq"]}


def _set_presence(data: Json) -> Request:
    return Request("PUT", "/v1/presence", data)


def _presence_set(body: Json, _: int) -> Json:
    return {"state": body["state"]}


def _sync(data: Json) -> Request:
    query = {"after_seq": data["after_seq"], "limit": data["limit"]}
    return Request("GET", f"/v1/rooms/{_part(data['room_id'])}/events", query=query)


def _synced(body: Json, _: int) -> Json:
    has_more = body["next_cursor"] is not None
    return {"events": body["items"], "head_seq": body["head_seq"], "more": has_more}


def _message(data: Json) -> str:
    return f"/v1/messages/{_part(data['message_id'])}"


def _reaction(data: Json) -> str:
    return f"{_message(data)}/reactions/{_part(data['emoji'])}"


def _part(value: object) -> str:
    """Return a value as one part of a path, whatever is in it."""
    return quote(str(value), safe="")


_TWINS: Final[dict[str, tuple[Callable[[Json], Request], Callable[[Json, int], Json]]]] = {
    "send_message": (_send, _sent),
    "edit_message": (_edit, _edited),
    "delete_message": (_delete, _deleted),
    "add_reaction": (_react, _reacted),
    "remove_reaction": (_unreact, _reacted),
    "read": (_read, _was_read),
    "set_presence": (_set_presence, _presence_set),
    "sync": (_sync, _synced),
}
