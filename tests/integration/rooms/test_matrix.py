"""Who may do what in which room, for every endpoint, from one table.

Each line is an endpoint; each word is a kind of room followed by the answers to everybody in
`PEOPLE`. In the direct room Alice and Bob are, and nobody else.
"""

from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from libs.common.contracts.people import PersonKind, SystemRole
from tests.integration.rooms.house import House, Resident

PEOPLE = ("nobody", "charlie", "bob", "dave", "alice", "sam", "olga")
"""Without a token, outsider, member, admin, owner, admin of the system, owner of the system."""

GONE = "401 404 404 404 404 404 404"

ROOM = "/v1/rooms/{room}"
ERIN = f"{ROOM}/members/{{erin}}"
FRANK = f"{ROOM}/members/{{frank}}"

READING = {
    "public": "401 200 200 200 200 200 200",
    "private": "401 404 200 200 200 200 200",
    "direct": "401 404 200 404 200 200 200",
}

TABLE: dict[tuple[str, str, str], dict[str, str]] = {
    ("GET", ROOM, ""): READING,
    ("GET", f"{ROOM}/permissions", ""): READING,
    ("GET", f"{ROOM}/members", ""): READING,
    ("PATCH", ROOM, '{"topic": "News"}'): {
        "public": "401 403 403 200 200 200 200",
        "private": "401 404 403 200 200 200 200",
        "direct": "401 404 403 404 403 200 200",
    },
    ("DELETE", ROOM, ""): {
        "public": "401 403 403 403 204 403 204",
        "private": "401 404 403 403 204 403 204",
        "direct": "401 404 403 404 403 403 204",
    },
    ("POST", f"{ROOM}/join", ""): {
        "public": "401 200 200 200 200 200 200",
        "private": "401 404 200 200 200 200 200",
        "direct": "401 404 200 404 200 403 403",
    },
    ("POST", f"{ROOM}/leave", ""): {
        "public": "401 403 204 204 409 403 403",
        "private": "401 404 204 204 409 403 403",
        "direct": "401 404 403 404 403 403 403",
    },
    ("POST", f"{ROOM}/transfer", '{"user_id": "{erin}"}'): {
        "public": "401 403 403 403 200 403 200",
        "private": "401 404 403 403 200 403 200",
        "direct": "401 404 403 404 403 403 403",
    },
    # Erin is in the room, Frank is not.
    ("PUT", ERIN, '{"role": "admin"}'): {
        "public": "401 403 403 403 200 403 200",
        "private": "401 404 403 403 200 403 200",
        "direct": "401 404 403 404 403 403 403",
    },
    ("PUT", FRANK, '{"role": "member"}'): {
        "public": "401 403 403 403 403 403 403",
        "private": "401 404 403 200 200 200 200",
        "direct": "401 404 403 404 403 403 403",
    },
    ("DELETE", ERIN, ""): {
        "public": "401 403 403 204 204 204 204",
        "private": "401 404 403 204 204 204 204",
        "direct": "401 404 403 404 403 403 403",
    },
    ("DELETE", FRANK, ""): {
        "public": "401 403 403 404 404 404 404",
        "private": "401 404 403 404 404 404 404",
        "direct": "401 404 403 404 403 403 403",
    },
}


@dataclass(frozen=True, slots=True)
class Town:
    house: House
    residents: dict[str, Resident]
    nobody: httpx.AsyncClient

    async def room(self, kind: str) -> str:
        """Make a room of this kind and return its id."""
        alice, bob = self.residents["alice"], self.residents["bob"]
        if kind == "unknown":
            return str(uuid4())
        if kind == "direct":
            # Only the owner of the system can delete it: then it is made anew.
            return str((await alice.writes_to(bob)).json()["id"])
        room = await alice.makes(
            f"Room {uuid4()}", kind="public" if kind == "public" else "private"
        )
        for name, role in (("bob", "member"), ("dave", "admin"), ("erin", "member")):
            if kind == "public":
                await self.residents[name].joins(room)
            await alice.gives(room, self.residents[name], role)
        if kind == "deleted":
            await alice.client.delete(f"/v1/rooms/{room['id']}")
        return str(room["id"])

    def callers(self) -> list[httpx.AsyncClient]:
        """Return the clients of all in `PEOPLE`."""
        return [self.nobody, *(self.residents[name].client for name in PEOPLE[1:])]

    def filled(self, text: str, room: str) -> str:
        for name in ("erin", "frank"):
            text = text.replace(f"{{{name}}}", str(self.residents[name].id))
        return text.replace("{room}", room)


@pytest.fixture
async def town(house: House) -> Town:
    residents = {
        name: await house.resident(name)
        for name in ("charlie", "bob", "dave", "alice", "erin", "frank")
    }
    residents["sam"] = await house.resident("sam", system_role=SystemRole.ADMIN)
    residents["olga"] = await house.resident("olga", system_role=SystemRole.OWNER)
    return Town(house, residents, await house.client(None))


@pytest.mark.parametrize("endpoint", TABLE, ids=lambda one: f"{one[0]} {one[1]}")
async def test_everybody_may_do_what_the_table_says(
    town: Town, endpoint: tuple[str, str, str]
) -> None:
    method, path, body = endpoint
    answers: dict[str, str] = {}
    for kind in ("public", "private", "direct", "deleted", "unknown"):
        room = await town.room(kind)
        heard: list[str] = []
        for client in town.callers():
            answer = await client.request(
                method,
                town.filled(path, room),
                content=town.filled(body, room),
                headers={"content-type": "application/json"},
            )
            heard.append(str(answer.status_code))
            if answer.is_success and method != "GET":
                room = await town.room(kind)
        answers[kind] = " ".join(heard)

    assert answers == TABLE[endpoint] | {"deleted": GONE, "unknown": GONE}


async def test_guests_are_admitted_to_no_room_but_theirs(house: House) -> None:
    stranger = await house.resident("Passer-by", kind=PersonKind.GUEST)
    paths = {path.replace("{room}", str(uuid4())) for _, path, _ in TABLE}
    paths = {path.format(erin=uuid4(), frank=uuid4()) for path in paths}

    answers = [
        await stranger.client.request(method, path)
        for path in {*paths, "/v1/rooms", "/v1/direct"}
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE")
    ]

    assert {answer.status_code for answer in answers} == {403, 404, 405}


async def test_who_is_no_member_of_a_public_room_is_told_so(
    house: House, alice: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Lobby")

    answer = await charlie.client.patch(f"/v1/rooms/{room['id']}", json={"title": "Mine"})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_member")


async def test_a_private_room_looks_like_none_from_outside(
    house: House, alice: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Secret", kind="private")

    hidden = await charlie.client.get(f"/v1/rooms/{room['id']}")
    unknown = await charlie.client.get(f"/v1/rooms/{uuid4()}")

    assert hidden.json() == unknown.json()
