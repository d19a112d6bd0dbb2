"""Who may do what over HTTP: every endpoint, everybody, in a private and in a public room.

The columns are a stranger without a token, somebody with an account, somebody who left, somebody
banned, a member, and the owner of the room. The message in question is the member's.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.contracts.ids import MessageId
from libs.common.contracts.rooms import Departure, RoomKind
from tests.integration.messages.around import BOB, DAVE, EVE, LOBBY
from tests.integration.messages.house import House

COLUMNS = (None, "Charlie", "Dave", "Eve", "Bob", "Alice")

Request = Callable[[MessageId], tuple[str, str, Any]]

ROOM = f"/v1/rooms/{LOBBY}"
REACTION = "reactions/\U0001f389"

MATRIX: list[tuple[str, Request, str, str]] = [
    (
        "read the history",
        lambda _: ("GET", f"{ROOM}/messages", None),
        "401 404 404 404 200 200",
        "401 200 200 403 200 200",
    ),
    (
        "read the log",
        lambda _: ("GET", f"{ROOM}/events", None),
        "401 404 404 404 200 200",
        "401 200 200 403 200 200",
    ),
    (
        "read a message",
        lambda about: ("GET", f"/v1/messages/{about}", None),
        "401 404 404 404 200 200",
        "401 200 200 403 200 200",
    ),
    (
        "read its past",
        lambda about: ("GET", f"/v1/messages/{about}/edits", None),
        "401 404 404 404 200 200",
        "401 200 200 403 200 200",
    ),
    (
        "write",
        lambda _: ("POST", f"{ROOM}/messages", {"content": "hi", "client_msg_id": "new"}),
        "401 404 404 404 201 201",
        "401 403 403 403 201 201",
    ),
    (
        "reply",
        lambda about: (
            "POST",
            f"{ROOM}/messages",
            {"content": "hi", "client_msg_id": "re", "reply_to": str(about)},
        ),
        "401 404 404 404 201 201",
        "401 403 403 403 201 201",
    ),
    (
        "put an emoji on it",
        lambda about: ("PUT", f"/v1/messages/{about}/{REACTION}", None),
        "401 404 404 404 200 200",
        "401 403 403 403 200 200",
    ),
    (
        "take an emoji away",
        lambda about: ("DELETE", f"/v1/messages/{about}/{REACTION}", None),
        "401 404 404 404 200 200",
        "401 403 403 403 200 200",
    ),
    (
        "mark read",
        lambda _: ("PUT", f"{ROOM}/read", {"seq": 1}),
        "401 404 404 404 200 200",
        "401 403 403 403 200 200",
    ),
    (
        "edit it",
        lambda about: ("PATCH", f"/v1/messages/{about}", {"content": "changed"}),
        "401 404 404 404 200 403",
        "401 403 403 403 200 403",
    ),
    (
        "delete it",
        lambda about: ("DELETE", f"/v1/messages/{about}", None),
        "401 404 404 404 204 204",
        "401 403 403 403 204 204",
    ),
]


@pytest.mark.parametrize("kind", [RoomKind.PRIVATE, RoomKind.PUBLIC])
@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row[0])
async def test_everybody_gets_what_the_table_says(
    house: House, row: tuple[str, Request, str, str], kind: RoomKind
) -> None:
    _, request, in_private, in_public = row
    await house.lobby(kind=kind)
    await house.told_of_member(DAVE)
    await house.told_of_member(DAVE, None, departure=Departure.LEFT)
    await house.told_of_member(EVE)
    await house.told_of_member(EVE, None, departure=Departure.BANNED)

    statuses = [await _status(house, token, request) for token in COLUMNS]

    expected = in_private if kind is RoomKind.PRIVATE else in_public
    assert " ".join(map(str, statuses)) == expected


async def _status(house: House, token: str | None, request: Request) -> int:
    """Let somebody ask about a message that nobody has touched."""
    ack = await house.post(BOB, f"hello, {token}")
    method, path, body = request(MessageId(UUID(ack["message_id"])))
    client: httpx.AsyncClient = await house.client(token)
    return (await client.request(method, path, json=body)).status_code
