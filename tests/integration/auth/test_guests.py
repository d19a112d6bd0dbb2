"""Tokens of guests: rooms lets somebody in, auth signs, renews and ends."""

import asyncio
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from libs.common.contracts.facts import SESSION_REVOKED, SessionRevoked
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.support.waiting import eventually

INTERNAL = 1
HOUR_S = 3_600.0
DAY_S = 86_400.0
FIREFOX, CHROME = (sha256(name).hexdigest() for name in (b"Firefox", b"Chrome"))


@dataclass(frozen=True, slots=True)
class Desk:
    """The rooms service, as auth knows it, with one room."""

    rooms: httpx.AsyncClient
    town: Town
    room_id: UUID

    async def begins(self, name: str = "Dora", **more: Any) -> dict[str, Any]:
        """Return tokens for somebody who was let in."""
        body = {
            "person_id": str(uuid4()),
            "name": name,
            "room_id": str(self.room_id),
            "max_s": DAY_S,
            "good_until": None,
            "client": FIREFOX,
        }
        answer = await self.rooms.post("/internal/guest-tokens", json=body | more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def refreshes(self, token: str, **more: Any) -> httpx.Response:
        body = {
            "refresh_token": token,
            "room_id": str(self.room_id),
            "max_s": DAY_S,
            "good_until": None,
            "client": FIREFOX,
        }
        return await self.rooms.post("/internal/guest-refreshes", json=body | more)

    async def ends(self, *person_ids: str) -> int:
        """Return how many sessions were ended."""
        body = {"person_ids": list(person_ids)}
        answer = await self.rooms.post("/internal/guest-endings", json=body)
        return int(answer.json()["count"])


@pytest.fixture
async def desk(town: Town, auth: Instance) -> Desk:
    rooms = await auth.client(listener=INTERNAL, authorization="Bearer rooms")
    return Desk(rooms, town, uuid4())


def refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (401, "session_revoked")


async def test_a_guest_is_known_and_admitted_nowhere_here_not_even_to_log_out(
    auth: Instance, desk: Desk
) -> None:
    dora = await auth.bearing((await desk.begins())["access_token"])

    answers = [await dora.get("/v1/me"), await dora.post("/v1/auth/logout")]

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(403, "forbidden")}


async def test_a_refresh_token_of_a_guest_is_exchanged_for_a_new_pair(
    auth: Instance, desk: Desk
) -> None:
    begun = await desk.begins()

    answer = await desk.refreshes(begun["refresh_token"])

    said = answer.json()
    assert answer.status_code == 200
    assert said["person_id"] == begun["person_id"]
    assert said["refresh_token"] != begun["refresh_token"]
    assert (await (await auth.bearing(said["access_token"])).get("/v1/me")).status_code == 403


async def test_tokens_of_guests_and_of_users_are_not_exchanged_for_each_other(
    auth: Instance, desk: Desk, alice: SignedInPerson
) -> None:
    begun = await desk.begins()

    assert (await auth.refresh(begun["refresh_token"])).status_code == 401
    assert refused(await desk.refreshes(alice.refresh_token))


async def test_a_lost_answer_is_given_to_the_same_client_again(desk: Desk) -> None:
    begun = await desk.begins()
    first = (await desk.refreshes(begun["refresh_token"])).json()
    await desk.town.clock.advance(10.0)

    again = (await desk.refreshes(begun["refresh_token"])).json()

    assert again["refresh_token"] == first["refresh_token"]


async def test_fifty_refreshes_at_once_get_the_same_one_successor(desk: Desk) -> None:
    begun = await desk.begins()

    answers = await asyncio.gather(*(desk.refreshes(begun["refresh_token"]) for _ in range(50)))

    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("wait_s", "client"), [(11.0, FIREFOX), (1.0, CHROME)], ids=["late", "another client"]
)
async def test_a_token_that_is_used_again_ends_the_guest(
    desk: Desk, wait_s: float, client: str
) -> None:
    begun = await desk.begins()
    renewed = (await desk.refreshes(begun["refresh_token"])).json()
    await desk.town.clock.advance(wait_s)

    stolen = await desk.refreshes(begun["refresh_token"], client=client)

    assert refused(stolen)
    assert refused(await desk.refreshes(renewed["refresh_token"]))
    (fact,) = await desk.town.heard(SESSION_REVOKED)
    assert isinstance(fact, SessionRevoked)
    assert (str(fact.person_id), fact.reason) == (begun["person_id"], "token_reused")


async def test_an_end_voids_all_tokens_of_a_guest_and_is_told(auth: Instance, desk: Desk) -> None:
    begun = await desk.begins()
    other = await desk.begins(person_id=begun["person_id"])
    dora = await auth.bearing(begun["access_token"])

    count = await desk.ends(begun["person_id"])

    assert count == 2
    assert refused(await dora.get("/v1/me"))
    for one in (begun, other):
        assert refused(await desk.refreshes(one["refresh_token"]))
    facts = await desk.town.heard(SESSION_REVOKED, 2)
    assert {fact.reason for fact in facts if isinstance(fact, SessionRevoked)} == {"guest_ended"}
    told = (await desk.rooms.post("/internal/revocations", json={})).json()["sessions"]
    assert len(told) == 2


async def test_an_end_that_is_told_twice_changes_nothing_and_leaves_others_alone(
    desk: Desk,
) -> None:
    dora, erin = await desk.begins("Dora"), await desk.begins("Erin")

    counts = [await desk.ends(dora["person_id"], str(uuid4())) for _ in range(2)]

    assert counts == [1, 0]
    assert (await desk.refreshes(erin["refresh_token"])).status_code == 200


async def test_a_session_ends_with_its_room_and_is_put_off_with_it(desk: Desk) -> None:
    closes_at = desk.town.clock.now() + HOUR_S
    begun = await desk.begins(good_until=closes_at)
    await desk.town.clock.advance(HOUR_S + 1)

    late = await desk.refreshes(begun["refresh_token"], good_until=closes_at)
    extended = await desk.refreshes(begun["refresh_token"], good_until=closes_at + HOUR_S)

    assert refused(late)
    assert extended.status_code == 200


async def test_a_session_lives_no_longer_than_it_may(desk: Desk) -> None:
    begun = await desk.begins(max_s=HOUR_S)
    await desk.town.clock.advance(HOUR_S - 1)
    renewed = await desk.refreshes(begun["refresh_token"], max_s=HOUR_S)
    await desk.town.clock.advance(2)

    assert renewed.status_code == 200
    assert refused(await desk.refreshes(renewed.json()["refresh_token"], max_s=HOUR_S))


async def test_a_refresh_token_is_good_in_its_own_room_only(desk: Desk) -> None:
    begun = await desk.begins()

    assert refused(await desk.refreshes(begun["refresh_token"], room_id=str(uuid4())))
    assert (await desk.refreshes(begun["refresh_token"])).status_code == 200


async def test_a_restart_keeps_sessions_of_guests(town: Town) -> None:
    async with town.instance() as before:
        rooms = await before.client(listener=INTERNAL, authorization="Bearer rooms")
        desk = Desk(rooms, town, uuid4())
        begun = await desk.begins()

    async with town.instance() as after:
        rooms = await after.client(listener=INTERNAL, authorization="Bearer rooms")
        again = await Desk(rooms, town, desk.room_id).refreshes(begun["refresh_token"])

    assert again.status_code == 200


async def test_what_is_over_is_swept_away(town: Town) -> None:
    async with town.instance(
        workers={"outbox", "guest_sweeping"}, sweep_every_s=3 * HOUR_S
    ) as auth:
        rooms = await auth.client(listener=INTERNAL, authorization="Bearer rooms")
        desk = Desk(rooms, town, uuid4())
        await desk.begins(max_s=HOUR_S)
        begun = await desk.begins(max_s=HOUR_S)
        await desk.begins(max_s=DAY_S)
        await desk.ends(begun["person_id"])

        await town.clock.advance(3 * HOUR_S)

        counted = "SELECT count(*) FROM guest_session"
        await eventually(lambda: auth.database.fetchval(counted), lambda left: left == 1)


async def test_only_rooms_may_ask_for_it(auth: Instance) -> None:
    strangers = [
        await auth.client(listener=INTERNAL, **headers)
        for headers in ({}, {"authorization": "Bearer messages"})
    ]

    for path in ("guest-tokens", "guest-refreshes", "guest-endings"):
        answers = [await one.post(f"/internal/{path}", json={}) for one in strangers]
        assert [answer.status_code for answer in answers] == [401, 403]
