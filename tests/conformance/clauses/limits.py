"""P37: who says too much is told when to go on, and who does not listen is sent away."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Final

from hubbub_client.frames import Json, write
from tests.conformance.case import Case
from tests.conformance.clause import POLL, Broken, Clause, Skipped, expect, expect_equal
from tests.conformance.socket_way import ready_device

MOST_BURST: Final = 500
MOST_FLOOD: Final = 5_000
TOLERANCE_MS: Final = 250.0
ROUNDS: Final = 4


async def one_too_many_hears_when(case: Case) -> None:
    """Messages have the narrowest limit: of one person, over all connections to a gateway."""
    burst, per_s = case.limits["sends_burst"], case.limits["sends_per_s"]
    case.at_most(burst, min(MOST_BURST, case.limits["room_sends_burst"]), "sends_burst")
    room = await case.room()
    async with ready_device(case.alice) as device:
        numbers = count(1)

        async def say() -> Json:
            """Send a message without thinking of limits, and return the refusal or nothing."""
            key = f"burst-{next(numbers)}"
            data = {"room_id": room, "client_msg_id": key, "content": f"Hello {key}"}
            await device.wire.write(write("send_message", data, key))
            answer = await device.wire.answer(key)
            return answer.data if answer.type == "error" else {}

        wait_ms = await _until_refused(say, burst=burst, per_s=per_s)
        most_ms = 1000 / per_s + TOLERANCE_MS
        expect(0 < wait_ms <= most_ms, f"a wait of at most {most_ms:g} ms", wait_ms)
        await asyncio.sleep(wait_ms / 1000)
        expect_equal(await say(), {}, "after `retry_after_ms` no refusal, but")


async def a_flood_is_closed(case: Case) -> None:
    case.at_most(case.limits["commands_burst"], MOST_FLOOD // 4, "commands_burst")
    async with ready_device(case.alice) as device:
        try:
            for at in range(MOST_FLOOD):
                await device.wire.write(write("ping", {}, f"flood-{at}"))
        except Broken:
            pass
        code, _ = await device.wire.closed()
    expect_equal(code, 4429, "a close with")


async def one_too_many_over_http_hears_when(case: Case) -> None:
    """Over HTTP the limit of a room holds, where all of its messages meet."""
    burst, per_s = case.limits["room_sends_burst"], case.limits["room_sends_per_s"]
    case.at_most(burst, MOST_BURST, "room_sends_burst")
    room = await case.room()
    numbers = count(1)

    async def say() -> Json:
        one = f"burst-{next(numbers)}"
        body = {"content": f"Hello {one}", "client_msg_id": one}
        answer = await case.alice.call("POST", f"/v1/rooms/{room}/messages", body)
        if answer.is_success:
            return {}
        expect(answer.status_code == 429, "429", answer.text)
        expect("retry-after" in answer.headers, "Retry-After", dict(answer.headers))
        return dict(answer.json())

    wait_ms = await _until_refused(say, burst=burst, per_s=per_s)
    await asyncio.sleep(wait_ms / 1000)
    expect_equal(await say(), {}, "after `retry_after_ms` no refusal, but")


async def _until_refused(say: Callable[[], Awaitable[Json]], *, burst: int, per_s: float) -> float:
    """Send too much and return the longest wait that was told, in milliseconds.

    Raises: Broken, when more was taken than may be; Skipped, when we were too slow to see it.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    taken = 0
    for _ in range(ROUNDS):
        answers = await asyncio.gather(*(say() for _ in range(burst + round(per_s) + 1)))
        refused = [one for one in answers if one]
        taken += len(answers) - len(refused)
        most = burst + per_s * (loop.time() - began) + 1
        expect(taken <= most, f"at most {most:.0f} messages to be taken", taken)
        if refused:
            expect(taken >= burst, f"{burst} messages to be taken", taken)
            codes = {one["code"] for one in refused}
            expect_equal(codes, {"rate_limited"}, "the refusals to be")
            return max(float(one.get("retry_after_ms") or 0) for one in refused)
    raise Skipped(f"{per_s:g} messages a second are more than could be sent")


CLAUSES: Final = (
    Clause(
        "P37",
        "one message more than `sends_burst` is `rate_limited`; after `retry_after_ms` one more"
        " is taken",
        one_too_many_hears_when,
        people=1,
    ),
    Clause("P37", "who floods is closed with 4429", a_flood_is_closed, people=1),
    Clause(
        "P37",
        "one message more than `room_sends_burst` over HTTP is 429 `rate_limited`",
        one_too_many_over_http_hears_when,
        ways=(POLL,),
        people=1,
    ),
)
