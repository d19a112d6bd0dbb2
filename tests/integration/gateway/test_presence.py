"""What a gateway does when presence has started anew, or does not know who is there."""

from uuid import UUID

from libs.common.bus.interface import Outgoing
from libs.common.bus.topology import EVENTS, ROSTER_KEY
from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    CompleteReport,
    LeaseChange,
    ReportLease,
    read_payload,
)
from libs.common.contracts.events import ROSTER_BATCH, RosterStarted, encode_batch
from tests.integration.gateway.house import SPREAD, House, house
from tests.support.waiting import until
from tests.unit.gateway.fakes import ALICE, BOB, LOBBY

ROSTER = UUID(int=7)


async def start_roster(it: House) -> None:
    """Say, as presence does, that it has started."""
    body = encode_batch([RosterStarted(ROSTER)])
    await it.bus.publish(Outgoing(EVENTS, ROSTER_KEY, ROSTER_BATCH, body), timeout_s=1)


async def test_a_new_roster_hears_of_every_connection_and_that_those_were_all() -> None:
    async with house() as it, it.client(ALICE), it.client(BOB):
        opened = {(await it.next_lease()).subject for _ in range(2)}
        await start_roster(it)

        said = [await it.next_lease() for _ in range(2 + SPREAD.shards)]

    payloads = [read_payload(command, PERSON_PAYLOADS) for command in said]
    renewed = [
        command.subject
        for command, payload in zip(said, payloads, strict=True)
        if isinstance(payload, ReportLease) and payload.change is LeaseChange.RENEWED
    ]
    complete = [one for one in payloads if isinstance(one, CompleteReport)]
    assert opened == {*renewed} == {ALICE.id, BOB.id}
    assert {one.shard for one in complete} == set(range(SPREAD.shards))


async def test_a_room_that_was_told_nothing_is_told_when_presence_is_back() -> None:
    async with house(online_retry_s=0.05) as it, it.client(ALICE) as alice:
        it.presence.is_down = True
        await alice.say("join_room", {"room_id": str(LOBBY)})
        joined = await alice.next("room_joined")
        assert (joined["data"]["online"], joined["data"]["online_count"]) == ([], None)

        it.presence.is_down = False
        await until(lambda: it.presence.shown == [[LOBBY]])
