"""The way into a guest room: its door, who stands before it, and who is inside."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.integration.rooms.house import House, Resident
from tests.support.waiting import eventually

DEVICE = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Door:
    """A guest room of Alice's, and those who stand before it."""

    house: House
    room: dict[str, Any]
    passer_by: httpx.AsyncClient

    @property
    def path(self) -> str:
        return f"/v1/guest-rooms/{self.room['slug']}"

    async def look(self) -> dict[str, Any]:
        answer = await self.passer_by.get(self.path)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def come(self, alias: str, **more: Any) -> httpx.Response:
        return await self.passer_by.post(f"{self.path}/guests", json={"alias": alias} | more)

    async def refresh(self, token: str) -> httpx.Response:
        return await self.passer_by.post(f"{self.path}/refresh", json={"refresh_token": token})

    async def guest(self, alias: str, **more: Any) -> "Inside":
        """Let somebody in who may come in."""
        answer = await self.come(alias, **more)
        assert answer.status_code == 201, answer.text
        said = answer.json()
        return Inside(self, said, await self.house.client(said["access_token"]))


@dataclass(frozen=True, slots=True)
class Inside:
    door: Door
    said: dict[str, Any]
    client: httpx.AsyncClient

    @property
    def id(self) -> str:
        return str(self.said["person"]["id"])

    async def leave(self) -> httpx.Response:
        return await self.client.post(f"{self.door.path}/leave")

    async def refresh(self) -> httpx.Response:
        return await self.door.refresh(self.said["refresh_token"])


async def opened(house: House, owner: Resident, **more: Any) -> Door:
    """Let somebody open a guest room."""
    room = await owner.makes(**{"title": "Workshop", "kind": "guest"} | more)
    return Door(house, room, await house.client(None))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def aliases(owner: Resident, door: Door) -> list[str]:
    listed = await owner.sees(f"/v1/rooms/{door.room['id']}/guests")
    return [one["alias"] for one in listed["items"]]


async def freed(door: Door, alias: str) -> httpx.Response:
    """Come in as soon as an alias that was given up is free."""
    return await eventually(lambda: door.come(alias), lambda answer: answer.status_code != 409)


async def in_time(*houses: House, is_so: Callable[[], Awaitable[bool]]) -> None:
    """Let time pass until something is so."""
    async with asyncio.timeout(10):
        while not await is_so():
            for house in houses:
                await house.clock.advance(30.0)


async def is_free(door: Door, alias: str) -> bool:
    return (await door.come(alias)).status_code == 201


async def is_alone(owner: Resident, door: Door) -> bool:
    """Tell whether a room has one member left."""
    room = await owner.sees(f"/v1/rooms/{door.room['id']}")
    return bool(room["member_count"] == 1)
