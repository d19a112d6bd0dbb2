"""A gateway that is asked for twice as much as it can do: what matters goes on.

`make overload` shows the same with more readers and as a table.
"""

import pytest

from tests.bench.overload import p99_s, run
from tests.integration.gateway.house import house
from tests.unit.gateway.fakes import ALICE, LOBBY

READERS = 200
SECONDS = 2.0
CALM_S = 2.0
SLOW_S = 0.2

TIMES_AS_LONG = 3.0
NOBODY_NOTICES_S = 0.5
"""What is below is noise of a machine that does much else."""


@pytest.mark.proof
async def test_at_twice_the_capacity_messages_go_on_and_all_else_gives_way() -> None:
    # On a machine that does much else nobody can offer so much that it waits for long.
    signs = {"inbox_wait_busy_s": 0.1, "inbox_wait_overloaded_s": 0.2}
    knobs = {"pressure_calm_s": CALM_S, "online_retry_s": 0.1, **signs}

    outcome = await run(READERS, seconds=SECONDS, **knobs)

    assert outcome.rising.pressures[-1] == 2
    alone_s, pressed_s = p99_s(outcome.alone.ages_s), p99_s(outcome.overloaded.ages_s)
    assert pressed_s < max(TIMES_AS_LONG * alone_s, NOBODY_NOTICES_S)
    assert outcome.overloaded.counts["typing"] == outcome.overloaded.counts["presence"] == 0
    assert outcome.newcomer == "HTTP/1.1 503 Service Unavailable"
    # And when it is over everybody hears who is there, and everything again.
    assert outcome.told_anew == [[LOBBY]]
    assert outcome.again.counts["presence"] > 0


async def test_while_an_owner_is_slow_clients_hear_so_at_once() -> None:
    async with house(owner_slow_s=SLOW_S) as home, home.client(ALICE) as alice:
        await alice.say("send_message", said("one"), ref="one")
        waiting = await home.next_command()
        await home.clock.sleep(2 * SLOW_S)

        refusal = await alice.ask("send_message", said("two"))

        assert (refusal["type"], refusal["data"]["code"]) == ("error", "unavailable")
        assert refusal["data"]["retryable"]
        assert refusal["data"]["retry_after_ms"] >= 1_000

        await home.ack(waiting, seq=1)
        assert (await alice.next("ack"))["ref"] == "one"
        await alice.say("send_message", said("two"), ref="again")
        assert (await home.next_command()).ref == "again"


def said(content: str) -> dict[str, str]:
    return {"room_id": str(LOBBY), "client_msg_id": content, "content": content}
