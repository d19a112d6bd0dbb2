"""Over a real socket: how rooms stand that one is in and does not listen to, and the pressure."""

from libs.common.contracts.events import Personal
from tests.integration.gateway.house import house
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, LOBBY


async def test_a_member_who_does_not_listen_hears_how_the_room_stands() -> None:
    async with house() as home, home.client(BOB) as bob:
        await home.publish(home.messages.log().add("hello"))

        head = await bob.next("room_head")

        assert (head["room_id"], head["data"]["head_seq"]) == (str(LOBBY), 1)


async def test_who_listens_hears_events_and_who_stops_hears_how_the_room_stands() -> None:
    async with house() as home, home.client(BOB) as bob:
        await bob.join(LOBBY)
        await home.publish(home.messages.log().add("hello"))
        assert (await bob.next("message"))["seq"] == 1

        await bob.ask("leave_room", {"room_id": str(LOBBY)})
        await home.publish(home.messages.log().add("are you there?"))

        assert (await bob.next("room_head"))["data"]["head_seq"] == 2


async def test_a_new_room_counts_from_the_news_of_it() -> None:
    async with house() as home, home.client(ALICE) as alice:
        added = b'{"type":"room_added"}'
        await home.tell(Personal(ALICE.id, "room_added", added, ATTIC))
        await alice.next("room_added")
        await home.publish(home.messages.log(ATTIC).add("hello"))

        assert (await alice.next("room_head"))["room_id"] == str(ATTIC)


async def test_a_calm_gateway_says_so() -> None:
    async with house() as home, home.client(BOB) as bob:
        assert (await bob.ask("ping", {}))["data"]["pressure"] == 0
