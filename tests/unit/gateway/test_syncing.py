"""`sync`: reading a hole without connecting anew, and no more than one may read."""

import json
from typing import Any

import pytest

from libs.common.contracts.ids import Seq
from services.gateway.connection.syncing import MAX_ANSWER_BYTES, Syncing
from services.gateway.core.effects import ReadLog
from services.gateway.hub.asking import Asking
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import BOB, CHARLIE, LOBBY, FakeMessages, FakePresence
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import NOW


@pytest.fixture
def messages() -> FakeMessages:
    messages = FakeMessages()
    messages.log()
    return messages


async def sync(
    messages: FakeMessages, client: FakeClient, after: int, limit: int = 50
) -> dict[str, Any]:
    """Return the answer."""
    asking = Asking(messages, FakePresence(), settings=GatewaySettings())
    client.session.duties.pending.open("s")
    client.frames()
    wanted = ReadLog(LOBBY, Seq(after), limit, "s")
    await Syncing(asking, clock=SetClock(NOW)).sync(client, wanted)
    [answer] = client.frames()
    assert answer["ref"] == "s"
    return answer


def seqs(answer: dict[str, Any]) -> list[int]:
    return [event["seq"] for event in answer["data"]["events"]]


async def test_events_come_as_they_were_sent(messages: FakeMessages) -> None:
    sent = messages.log().fill(5)

    answer = await sync(messages, FakeClient(), after=2)

    assert answer["type"] == "events"
    assert answer["data"]["events"] == [json.loads(one.frame) for one in sent[2:]]
    assert (answer["data"]["head_seq"], answer["data"]["more"]) == (5, False)


async def test_what_does_not_fit_is_said_to_be_more(messages: FakeMessages) -> None:
    messages.log().fill(5)

    answer = await sync(messages, FakeClient(), after=0, limit=3)

    assert (seqs(answer), answer["data"]["more"]) == ([1, 2, 3], True)


async def test_an_answer_is_bounded_in_bytes_but_never_empty(messages: FakeMessages) -> None:
    for _ in range(3):
        messages.log().add("x" * (MAX_ANSWER_BYTES - 200))

    answer = await sync(messages, FakeClient(), after=0)

    assert (seqs(answer), answer["data"]["more"]) == ([1], True)


async def test_from_the_head_there_is_nothing(messages: FakeMessages) -> None:
    messages.log().fill(5)

    answer = await sync(messages, FakeClient(), after=5)

    assert (seqs(answer), answer["data"]["more"]) == ([], False)


@pytest.mark.parametrize("after", [2, 6])
async def test_what_is_not_kept_or_not_there_is_a_gap(messages: FakeMessages, after: int) -> None:
    messages.log().fill(5)
    messages.log().first_available = 4

    answer = await sync(messages, FakeClient(), after=after)

    assert (answer["data"]["code"], answer["data"]["first_available_seq"]) == ("gap", 4)


async def test_an_outsider_reads_nothing(messages: FakeMessages) -> None:
    messages.log().fill(5)

    answer = await sync(messages, FakeClient(CHARLIE), after=0)

    assert answer["data"]["code"] == "not_found"
    assert messages.asked("/internal/events") == []


async def test_who_listens_is_not_asked_about_again(messages: FakeMessages) -> None:
    messages.log().fill(5)
    bob = FakeClient(BOB)
    bob.listen_to(messages.log().standing(BOB.id))

    assert seqs(await sync(messages, bob, after=4)) == [5]
    assert messages.asked("/internal/attach") == []


async def test_nothing_behind_ones_removal_is_read(messages: FakeMessages) -> None:
    bob, log = FakeClient(BOB), messages.log()
    log.add(detach=str(BOB.id), reason="left")
    bob.listen_to(log.standing(BOB.id))
    log.add(detach=str(BOB.id), reason="banned")
    log.fill(3)

    answer = await sync(messages, bob, after=0)

    assert seqs(answer) == [1, 2]


async def test_without_the_log_there_is_a_refusal(messages: FakeMessages) -> None:
    messages.is_down = True

    answer = await sync(messages, FakeClient(), after=0)

    assert answer["data"]["code"] == "unavailable"
