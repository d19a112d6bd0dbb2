"""What auth tells of those who look after the whole system."""

from uuid import UUID

from libs.common.bus.interface import Outgoing
from libs.common.bus.topology import FACTS
from libs.common.contracts.commands import DeleteMessage, PostMessage
from libs.common.contracts.facts import FACT, USER_UPDATED, UserChanged, encode_fact
from libs.common.contracts.ids import MessageId
from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomState
from tests.integration.messages.around import BOB, CHARLIE, LOBBY
from tests.integration.messages.house import House


async def tell_role(house: House, role: SystemRole, *, version: int) -> None:
    fact = UserChanged(CHARLIE.id, PersonKind.USER, "Charlie", role, False, version)
    message = Outgoing(FACTS, USER_UPDATED, FACT, encode_fact(fact), must_survive=True)
    await house.bus.publish(message, timeout_s=5)


async def test_who_keeps_the_system_keeps_its_rooms(house: House) -> None:
    await house.lobby()
    ack = await house.post(BOB, "rude words")
    await tell_role(house, SystemRole.ADMIN, version=2)

    deleted = await house.ask(CHARLIE, DeleteMessage(MessageId(UUID(ack["message_id"]))))

    charlie = await house.client("Charlie")
    history = await charlie.get(f"/v1/rooms/{LOBBY}/messages")
    assert (history.status_code, len(history.json()["items"])) == (200, 1)
    assert deleted["type"] == "ack"


async def test_a_role_that_was_taken_away_counts_no_more(house: House) -> None:
    await house.lobby()
    await tell_role(house, SystemRole.ADMIN, version=2)
    await tell_role(house, SystemRole.MEMBER, version=3)
    await tell_role(house, SystemRole.ADMIN, version=2)

    answer = await house.ask(CHARLIE, PostMessage("I was somebody"))

    assert answer["data"]["code"] == "not_found"


async def test_a_fact_nobody_understands_holds_up_no_other(house: House) -> None:
    await house.lobby()
    for kind, key in ((FACT, "auth.user.vanished"), ("fact.v9", USER_UPDATED)):
        message = Outgoing(FACTS, key, kind, b"?", must_survive=True)
        await house.bus.publish(message, timeout_s=5)

    await tell_role(house, SystemRole.OWNER, version=2)

    assert (await house.ask(CHARLIE, PostMessage("hello")))["type"] == "ack"


async def test_plain_members_of_the_system_leave_no_trace(house: House) -> None:
    await tell_role(house, SystemRole.MEMBER, version=1)

    assert await house.database.fetchval("SELECT count(*) FROM system_role") == 0


async def test_a_role_in_the_room_is_what_counts_there(house: House) -> None:
    await house.lobby(state=RoomState.READ_ONLY)
    await house.told_of_member(CHARLIE, RoomRole.ADMIN)

    assert (await house.post(CHARLIE, "announcement"))["seq"] == 4


async def test_a_keeper_of_the_system_hears_every_room(house: House) -> None:
    await house.lobby()
    await tell_role(house, SystemRole.OWNER, version=2)
    asked = {"person_id": str(CHARLIE.id), "room_id": str(LOBBY)}

    answer = await (await house.gateway()).post("/internal/attach", json={"requests": [asked]})

    [standing] = answer.json()["standings"]
    assert (standing["code"], standing["role"], standing["head_seq"]) == (None, None, 2)
