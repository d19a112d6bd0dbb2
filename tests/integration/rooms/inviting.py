"""Invitations to rooms, in a word each."""

from typing import Any

import httpx

from tests.integration.rooms.house import Resident


async def invites(who: Resident, room: dict[str, Any], **wish: Any) -> dict[str, Any]:
    """Make an invitation to a room."""
    answer = await who.client.post(f"/v1/rooms/{room['id']}/invites", json=wish)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def looks_at(who: Resident, invite: dict[str, Any]) -> httpx.Response:
    return await who.client.get(f"/v1/invites/{invite['code']}")


async def accepts(who: Resident, invite: dict[str, Any]) -> httpx.Response:
    return await who.client.post(f"/v1/invites/{invite['code']}/accept")


async def revokes(who: Resident, name: str) -> httpx.Response:
    """Revoke an invitation, by its code or by its id."""
    return await who.client.delete(f"/v1/invites/{name}")


async def listed(who: Resident, room: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await who.sees(f"/v1/rooms/{room['id']}/invites", **params))[
        "items"
    ]
    return items
