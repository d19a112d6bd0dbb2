"""Every way to a room and to a message: what to ask, with a place for the ids."""

from typing import Final
from uuid import uuid4

from hubbub_client.frames import Json

Request = tuple[str, str, Json | None]
"""Method, path and body."""

NOBODY: Final = str(uuid4())

OF_A_ROOM: Final[list[Request]] = [
    ("GET", "/v1/rooms/{room}", None),
    ("PATCH", "/v1/rooms/{room}", {"topic": "Mine now"}),
    ("DELETE", "/v1/rooms/{room}", None),
    ("GET", "/v1/rooms/{room}/permissions", None),
    ("POST", "/v1/rooms/{room}/join", None),
    ("POST", "/v1/rooms/{room}/leave", None),
    ("POST", "/v1/rooms/{room}/transfer", {"user_id": "{me}"}),
    ("GET", "/v1/rooms/{room}/members", None),
    ("PUT", "/v1/rooms/{room}/members/{me}", {"role": "owner"}),
    ("DELETE", "/v1/rooms/{room}/members/{bob}", None),
    ("GET", "/v1/rooms/{room}/messages", None),
    ("POST", "/v1/rooms/{room}/messages", {"client_msg_id": "psst", "content": "Psst"}),
    ("GET", "/v1/rooms/{room}/events", None),
    ("PUT", "/v1/rooms/{room}/read", {"seq": 1}),
    ("GET", "/v1/rooms/{room}/presence", None),
]

OF_A_MESSAGE: Final[list[Request]] = [
    ("GET", "/v1/messages/{message}", None),
    ("PATCH", "/v1/messages/{message}", {"content": "Mine now"}),
    ("DELETE", "/v1/messages/{message}", None),
    ("GET", "/v1/messages/{message}/edits", None),
    ("PUT", "/v1/messages/{message}/reactions/👍", None),
    ("DELETE", "/v1/messages/{message}/reactions/👍", None),
]

ON_THE_SOCKET: Final[list[tuple[str, Json]]] = [
    ("join_room", {}),
    ("send_message", {"client_msg_id": "psst", "content": "Psst"}),
    ("edit_message", {"message_id": "{message}", "content": "Mine now"}),
    ("delete_message", {"message_id": "{message}"}),
    ("add_reaction", {"message_id": "{message}", "emoji": "👍"}),
    ("remove_reaction", {"message_id": "{message}", "emoji": "👍"}),
    ("read", {"seq": 1}),
    ("typing", {"is_typing": True}),
    ("sync", {"after_seq": 0, "limit": 10}),
]


def filled(body: Json | None, **names: str) -> Json | None:
    """Return a body with the ids of this test in it."""
    if body is None:
        return None
    return {
        key: value.format(**names) if isinstance(value, str) else value
        for key, value in body.items()
    }
