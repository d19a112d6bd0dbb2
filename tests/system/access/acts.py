"""Everything that can be asked of a room: each endpoint of rooms, messages and presence that names
one, and each command of a socket.

`{room}`, `{tom}` and the other words in braces are filled in by the place. An act that `spoils`
changes what the next one may do, if it was allowed: then it gets a place of its own; one that
`spends` its message gets another message.
"""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Act:
    """`method` is an HTTP method or SOCKET, `path` is the type of the command then."""

    method: str
    path: str
    body: Any = None
    spoils: bool = False
    spends: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


SOCKET: Final = "SOCKET"

ROOM: Final = "/v1/rooms/{room}"

TOM: Final = {"user_id": "{tom}"}

OF_A_ROOM: Final = (
    Act("GET", ROOM),
    Act("PATCH", ROOM, {"topic": "News"}),
    Act("GET", f"{ROOM}/permissions"),
    Act("POST", f"{ROOM}/join", spoils=True),
    Act("POST", f"{ROOM}/leave", spoils=True),
    Act("POST", f"{ROOM}/transfer", TOM, spoils=True),
    Act("POST", f"{ROOM}/archive", spoils=True),
    Act("POST", f"{ROOM}/unarchive", spoils=True),
    Act("DELETE", ROOM, spoils=True),
    Act("POST", f"{ROOM}/restore", spoils=True),
    Act("GET", f"{ROOM}/changes"),
    Act("GET", f"{ROOM}/members"),
    Act("PUT", f"{ROOM}/members/{{tom}}", {"role": "admin"}, spoils=True),
    Act("PUT", f"{ROOM}/members/{{frank}}", {"role": "member"}, spoils=True),
    Act("DELETE", f"{ROOM}/members/{{tom}}", spoils=True),
    Act("GET", f"{ROOM}/guests"),
    Act("GET", f"{ROOM}/bans"),
    Act("PUT", f"{ROOM}/bans/{{tom}}", {"reason": "Spam"}, spoils=True),
    Act("DELETE", f"{ROOM}/bans/{{banned}}", spoils=True),
    Act("GET", f"{ROOM}/mutes"),
    Act("PUT", f"{ROOM}/mutes/{{tom}}", {}, spoils=True),
    Act("DELETE", f"{ROOM}/mutes/{{tom}}"),
    Act("POST", f"{ROOM}/invites", {}),
    Act("GET", f"{ROOM}/invites"),
    Act("DELETE", "/v1/invites/{invite}", spoils=True),
    Act("GET", "/v1/invites/{invite}"),
    Act("POST", "/v1/invites/{invite}/accept", spoils=True),
    Act("GET", f"{ROOM}/messages"),
    Act("POST", f"{ROOM}/messages", {"client_msg_id": "{fresh}", "content": "Psst"}),
    Act("GET", f"{ROOM}/events"),
    Act("PUT", f"{ROOM}/read", {"seq": 1}),
    Act("GET", f"{ROOM}/transcript"),
    Act("GET", f"{ROOM}/reports"),
    Act("PATCH", f"{ROOM}/reports/{{report}}", {"state": "dismissed"}, spoils=True),
    Act("GET", f"{ROOM}/presence"),
)

OF_A_MESSAGE: Final = (
    Act("GET", "/v1/messages/{message}"),
    Act("GET", "/v1/messages/{message}/edits"),
    Act("PATCH", "/v1/messages/{message}", {"content": "Mine now"}),
    Act("PUT", "/v1/messages/{message}/reactions/👍"),
    Act("DELETE", "/v1/messages/{message}/reactions/👍"),
    Act("POST", "/v1/messages/{message}/report", {"reason": "spam"}),
    Act("DELETE", "/v1/messages/{message}", spends=True),
)
"""Asked of a message of one's own and of somebody else's, one that was written for the purpose."""

ON_A_SOCKET: Final = (
    Act(SOCKET, "join_room"),
    Act(SOCKET, "send_message", {"client_msg_id": "{fresh}", "content": "Psst"}),
    Act(SOCKET, "typing", {"is_typing": True}),
    Act(SOCKET, "read", {"seq": 1}),
    Act(SOCKET, "sync", {"after_seq": 0, "limit": 10}),
    Act(SOCKET, "leave_room"),
)

ON_A_SOCKET_OF_A_MESSAGE: Final = (
    Act(SOCKET, "edit_message", {"message_id": "{message}", "content": "Mine now"}),
    Act(SOCKET, "add_reaction", {"message_id": "{message}", "emoji": "👍"}),
    Act(SOCKET, "remove_reaction", {"message_id": "{message}", "emoji": "👍"}),
    Act(SOCKET, "delete_message", {"message_id": "{message}"}, spends=True),
)

ELSEWHERE: Final = frozenset(
    {
        "POST /v1/rooms",
        "GET /v1/rooms",
        "POST /v1/direct",
        "GET /v1/blocks",
        "PUT /v1/blocks/{user_id}",
        "DELETE /v1/blocks/{user_id}",
        "GET /v1/guest-rooms",
        "GET /v1/guest-rooms/{slug}",
        "POST /v1/guest-rooms/{slug}/guests",
        "POST /v1/guest-rooms/{slug}/refresh",
        "POST /v1/guest-rooms/{slug}/leave",
        "GET /v1/me/unread",
        "GET /v1/me/rooms",
        "GET /v1/reports",
        "GET /v1/presence",
        "PUT /v1/presence",
        "GET /v1/presence/privacy",
        "PUT /v1/presence/privacy",
    }
)
"""They name no room by its id, and have tests of their own."""

NOT_ABOUT_A_ROOM: Final = frozenset({"auth", "refresh", "resume", "set_presence", "ping"})
"""Commands of which the same is true."""
