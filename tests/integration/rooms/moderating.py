"""What moderators do in a room, in a word each."""

from typing import Any

import httpx

from libs.common.times import rfc3339
from tests.integration.rooms.house import Resident

HOUR_S = 3_600


async def bans(
    who: Resident, room: dict[str, Any], whom: Resident, *, until: float | None = None, **more: Any
) -> httpx.Response:
    return await _put(who, room, "bans", whom, until, more)


async def unbans(who: Resident, room: dict[str, Any], whom: Resident) -> httpx.Response:
    return await who.client.delete(f"/v1/rooms/{room['id']}/bans/{whom.id}")


async def mutes(
    who: Resident, room: dict[str, Any], whom: Resident, *, until: float | None = None, **more: Any
) -> httpx.Response:
    return await _put(who, room, "mutes", whom, until, more)


async def unmutes(who: Resident, room: dict[str, Any], whom: Resident) -> httpx.Response:
    return await who.client.delete(f"/v1/rooms/{room['id']}/mutes/{whom.id}")


async def listed(who: Resident, room: dict[str, Any], kind: str, **params: Any) -> list[str]:
    """Return the names of who is banned or muted."""
    found = await who.sees(f"/v1/rooms/{room['id']}/{kind}", **params)
    return [one["person"]["name"] for one in found["items"]]


async def _put(
    who: Resident,
    room: dict[str, Any],
    kind: str,
    whom: Resident,
    until: float | None,
    more: dict[str, Any],
) -> httpx.Response:
    body = more if until is None else {"until": rfc3339(until)} | more
    return await who.client.put(f"/v1/rooms/{room['id']}/{kind}/{whom.id}", json=body)
