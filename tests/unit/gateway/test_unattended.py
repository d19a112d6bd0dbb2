"""Who is in a room and does not listen to it hears how it stands: seldom, and cheaply."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.events import Personal, RoomHead
from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.people import Person, PersonKind, RoomRole
from services.gateway.core.pressure import Level
from services.gateway.hub.joining import Allowance
from services.gateway.hub.unattended import AGAIN_AFTER_S, LOOK_S, Unattended
from tests.support.clock import settle
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, CHARLIE, LOBBY
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import standing
from tests.unit.gateway.staging import stage_with


class Rig:
    """Alice and Bob are in the lobby and do not listen to it."""

    def __init__(self, **knobs: Any) -> None:
        self.stage = stage_with(**knobs)
        self.unattended: Unattended = self.stage.relief.unattended
        self.alice, self.bob = FakeClient(), FakeClient(BOB, name="c-2")
        self.begin(self.alice)
        self.begin(self.bob)
        for client in (self.alice, self.bob):
            client.frames()

    def begin(self, client: FakeClient, *rooms: RoomId) -> None:
        told = [
            self.stage.messages.log(room_id).standing(client.person_id)
            for room_id in rooms or (LOBBY,)
        ]
        self.unattended.begin(client, told)

    def write(self, room_id: RoomId = LOBBY) -> None:
        """Let an event of a room pass."""
        self.unattended.on_head(self.stage.messages.log(room_id).add())

    async def pass_time(self, seconds: float) -> None:
        await self.stage.clock.advance(seconds)

    def asked(self) -> list[list[tuple[PersonId, RoomId]]]:
        """Return what messages was asked, call by call."""
        bodies = self.stage.messages.asked("/internal/attach")
        return [[(one.person_id, one.room_id) for one in body.requests] for body in bodies]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig()
    working = asyncio.create_task(rig.unattended.run())
    await settle()
    yield rig
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


def heads(client: FakeClient) -> list[tuple[str, int]]:
    """Return the rooms and heads that a client was told since it was last asked."""
    frames = [frame for frame in client.frames() if frame["type"] == "room_head"]
    return [(frame["room_id"], frame["data"]["head_seq"]) for frame in frames]


async def test_members_that_do_not_listen_are_told_how_the_room_stands(rig: Rig) -> None:
    rig.write()
    assert rig.asked() == []

    await rig.pass_time(LOOK_S)

    assert rig.asked() == [[(ALICE.id, LOBBY), (BOB.id, LOBBY)]]
    [frame] = rig.alice.frames()
    assert (frame["type"], frame["room_id"], frame["ts"][:2]) == ("room_head", str(LOBBY), "19")
    assert frame["data"] == {"head_seq": 1, "unread": 0, "mentions": 0}
    assert heads(rig.bob) == [(str(LOBBY), 1)]


async def test_of_a_room_they_are_told_once_a_second(rig: Rig) -> None:
    rig.write()
    await rig.pass_time(LOOK_S)
    for _ in range(5):
        rig.write()
    assert heads(rig.alice) == [(str(LOBBY), 1)]

    await rig.pass_time(AGAIN_AFTER_S - LOOK_S)
    assert heads(rig.alice) == []
    await rig.pass_time(2 * LOOK_S)

    assert heads(rig.alice) == [(str(LOBBY), 6)]
    assert len(rig.asked()) == 2


async def test_nothing_is_kept_of_who_listens(rig: Rig) -> None:
    for client in (rig.alice, rig.bob):
        rig.unattended.remove(client, LOBBY)
    assert len(rig.unattended) == 0

    rig.write()
    await rig.pass_time(60)

    assert rig.asked() == []


async def test_what_waits_of_a_room_goes_when_it_is_listened_to(rig: Rig) -> None:
    rig.write()
    await rig.pass_time(LOOK_S)

    rig.unattended.remove(rig.alice, LOBBY)

    assert heads(rig.alice) == []
    assert heads(rig.bob) != []


async def test_listening_is_noticed_by_itself(rig: Rig) -> None:
    await rig.stage.join(rig.alice)
    rig.alice.frames()

    rig.write()
    await rig.pass_time(LOOK_S)

    assert heads(rig.alice) == []
    assert rig.asked()[-1] == [(BOB.id, LOBBY)]


async def test_who_listens_no_more_is_told_again(rig: Rig) -> None:
    rig.unattended.remove(rig.alice, LOBBY)
    rig.unattended.add(rig.alice, LOBBY)
    rig.unattended.add(rig.alice, LOBBY)

    rig.write()
    await rig.pass_time(LOOK_S)

    assert heads(rig.alice) == [(str(LOBBY), 1)]


async def test_who_has_gone_is_forgotten(rig: Rig) -> None:
    rig.write()
    for client in (rig.alice, rig.bob, FakeClient(CHARLIE, name="c-3")):
        rig.unattended.gone(client)
    rig.unattended.remove(rig.alice, LOBBY)

    await rig.pass_time(60)

    assert rig.asked() == []
    assert len(rig.unattended) == 0


async def test_coming_into_a_room_and_leaving_it_counts(rig: Rig) -> None:
    added = Personal(ALICE.id, "room_added", b"{}", ATTIC)
    removed = Personal(ALICE.id, "room_removed", b"{}", LOBBY)
    rig.unattended.on_moved(added, [rig.alice])
    rig.unattended.on_moved(removed, [rig.alice])
    rig.unattended.on_moved(Personal(ALICE.id, "room_added", b"{}"), [rig.alice])

    rig.write(LOBBY)
    rig.write(ATTIC)
    await rig.pass_time(LOOK_S)

    assert heads(rig.alice) == [(str(ATTIC), 1)]


async def test_who_listens_already_when_they_become_a_member_is_not_told(rig: Rig) -> None:
    joining = rig.stage.hub.expect(rig.alice, ATTIC, Allowance())
    rig.stage.hub.meet(joining, standing(ATTIC))
    rig.stage.hub.go_live(rig.alice, ATTIC, joining)

    rig.unattended.on_moved(Personal(ALICE.id, "room_added", b"{}", ATTIC), [rig.alice])

    assert len(rig.unattended) == 1


async def test_only_rooms_that_one_is_in_count(rig: Rig) -> None:
    charlie = FakeClient(CHARLIE, name="c-3")
    rig.unattended.begin(charlie, [standing(role=None), standing(code="not_found")])

    rig.write()
    await rig.pass_time(LOOK_S)

    assert rig.asked() == [[(ALICE.id, LOBBY), (BOB.id, LOBBY)]]


async def test_who_is_no_member_any_more_is_not_told_nor_asked_about_again(rig: Rig) -> None:
    del rig.stage.messages.log().members[BOB.id]
    rig.write()
    await rig.pass_time(LOOK_S)
    rig.write()
    await rig.pass_time(5)

    assert heads(rig.bob) == []
    assert rig.asked() == [[(ALICE.id, LOBBY), (BOB.id, LOBBY)], [(ALICE.id, LOBBY)]]


async def test_a_digest_tells_of_an_event_that_was_lost(rig: Rig) -> None:
    rig.stage.messages.log().fill(3)
    rig.unattended.on_head(RoomHead(LOBBY, Seq(3)))
    await rig.pass_time(LOOK_S)
    assert heads(rig.alice) == [(str(LOBBY), 3)]

    rig.unattended.on_head(RoomHead(LOBBY, Seq(3)))
    rig.unattended.on_head(RoomHead(ATTIC, Seq(3)))
    await rig.pass_time(60)

    assert heads(rig.alice) == []


async def test_how_it_stood_at_the_beginning_is_no_news(rig: Rig) -> None:
    rig.stage.messages.log(ATTIC).fill(3)
    rig.begin(rig.alice, ATTIC)

    rig.unattended.on_head(RoomHead(ATTIC, Seq(3)))
    await rig.pass_time(60)

    assert rig.asked() == []


async def test_all_connections_of_a_person_are_told_and_asked_about_once(rig: Rig) -> None:
    other = FakeClient(name="c-9")
    rig.begin(other)
    other.frames()

    rig.write()
    await rig.pass_time(LOOK_S)

    assert sorted(rig.asked()[0]) == [(ALICE.id, LOBBY), (BOB.id, LOBBY)]
    assert heads(rig.alice) == heads(other) == [(str(LOBBY), 1)]


async def test_when_messages_does_not_answer_it_is_asked_again(rig: Rig) -> None:
    rig.stage.messages.is_down = True
    rig.write()
    await rig.pass_time(5)
    assert heads(rig.alice) == []

    rig.stage.messages.is_down = False
    await rig.pass_time(2)

    assert heads(rig.alice) == heads(rig.bob) == [(str(LOBBY), 1)]


async def test_who_goes_while_messages_does_not_answer_is_not_asked_about_again(rig: Rig) -> None:
    rig.stage.messages.is_down = True
    rig.write()
    await rig.pass_time(LOOK_S)
    rig.unattended.gone(rig.alice)
    rig.unattended.gone(rig.bob)

    calls = len(rig.asked())
    rig.stage.messages.is_down = False
    await rig.pass_time(60)

    assert len(rig.asked()) == calls


async def test_an_overloaded_gateway_tells_of_it_afterwards(rig: Rig) -> None:
    rig.stage.relief.pressure.level = Level.OVERLOADED
    rig.write()
    rig.write()
    await rig.pass_time(60)
    assert rig.asked() == []

    rig.stage.relief.pressure.level = Level.BUSY
    await rig.pass_time(LOOK_S)

    assert heads(rig.alice) == [(str(LOBBY), 2)]


async def test_in_a_large_room_so_many_are_asked_about_at_a_time_and_the_newest_counts() -> None:
    rig = Rig(room_heads_per_s=2 / LOOK_S)
    working = asyncio.create_task(rig.unattended.run())
    crowd = [FakeClient(of_number(at), name=f"x-{at}") for at in range(4)]
    for client in crowd:
        rig.stage.messages.log().members[client.person_id] = RoomRole.MEMBER
        rig.begin(client)
        client.frames()
    everybody = [rig.alice, rig.bob, *crowd]

    rig.write()
    await rig.pass_time(LOOK_S)
    rig.write()
    await rig.pass_time(2 * LOOK_S)

    assert [len(call) for call in rig.asked()] == [2, 2, 2]
    assert sorted(seq for one in everybody for _, seq in heads(one)) == [1, 1, 2, 2, 2, 2]

    await rig.pass_time(3)
    assert [seq for one in everybody for _, seq in heads(one)] == [2] * 6
    working.cancel()


def of_number(number: int) -> Person:
    return Person(PersonKind.USER, PersonId(UUID(int=100 + number, version=4)), f"Person {number}")
