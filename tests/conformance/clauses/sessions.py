"""P33 to P36 and P38: how long somebody is connected."""

import asyncio
import secrets
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Final

import httpx

from tests.conformance.case import Case
from tests.conformance.clause import POLL, SOCKET, WAYS, Clause, Skipped, expect, expect_equal
from tests.conformance.poll_way import HELD_MS
from tests.conformance.raw import frame, raw_wire
from tests.conformance.socket_way import ready_device
from tests.conformance.wire import authenticate, wire

ZOMBIE_S: Final = 45.0
EXPIRED_S: Final = 30.0
WARNING_S: Final = 65.0
REVOKED_S: Final = 2.0
MOST_SOCKETS: Final = 50
AUTH: Final = '{{"type":"auth","ref":"a","data":{{"token":"{token}"}}}}'


async def a_ping_is_answered(case: Case) -> None:
    async with wire(case.server) as one:
        pong = await one.ask("ping")
        expect(pong.type == "pong" and "server_time" in pong.data, "`pong` with the time", pong)
        await authenticate(one, case.alice.token)
        pong = await one.ask("ping")
        expect(pong.type == "pong", "`pong` after `auth` too", pong)


async def a_zombie_is_closed(case: Case) -> None:
    """A client that has been stopped neither reads nor answers; this one reads, to see the end."""
    loop = asyncio.get_running_loop()
    case.at_most(case.server.heartbeat_s, case.options.patience_s, "heartbeat (seconds)")
    async with raw_wire(case.server.url) as one:
        await one.text()
        await one.send(frame(AUTH.format(token=case.alice.token).encode()))
        began = loop.time()
        # The protocol's 45 s are meant for its own heartbeat.
        latest_s = max(ZOMBIE_S, 2 * case.server.heartbeat_s) + case.options.slack_s
        code = await one.close_code(within_s=latest_s)
        lasted_s = loop.time() - began
    expect_equal(code, 4411, "a close with")
    expect(lasted_s <= latest_s, f"it within {latest_s:g} s", f"it after {lasted_s:.1f} s")


async def a_token_expires(case: Case) -> None:
    async with case.alice.on_another_device() as person, AsyncExitStack() as opened:
        kept, lost = [await opened.enter_async_context(ready_device(person)) for _ in range(2)]
        life_s = _left_s(lost.ready.data["expires_at"])
        case.at_most(life_s, case.options.patience_s, "the life of a token (seconds)")
        warning = await lost.hear("token_expiring", within_s=life_s + case.options.slack_s)
        left_s = _left_s(warning.data["expires_at"])
        expect(0 <= left_s <= WARNING_S, "`token_expiring` at most 60 s before", warning)
        # Half of the rest later, so that the newer token is good for longer by as much.
        await asyncio.sleep(left_s / 2)
        await person.refresh()
        renewed = await kept.wire.ask("refresh", token=person.token)
        expect(renewed.type == "ack" and "expires_at" in renewed.data, "an ack", renewed)
        within_s = left_s / 2 + EXPIRED_S + case.options.slack_s
        expect_equal(await lost.ended(within_s=within_s), "expired", "a close with 4401")
        await kept.settle()


async def an_expired_token_polls_no_more(case: Case) -> None:
    async with case.alice.on_another_device() as person:
        async with ready_device(person) as one:
            life_s = _left_s(one.ready.data["expires_at"])
        case.at_most(life_s, case.options.patience_s, "the life of a token (seconds)")
        async with case.device(person) as device:
            await device.settle()
            # A poll that was asked just before is held for as long as it wants.
            within_s = life_s + EXPIRED_S + HELD_MS / 1000 + case.options.slack_s
            expect_equal(await device.ended(within_s=within_s), "expired", "a poll refused with")


async def a_log_out_cuts_all_of_the_session(case: Case) -> None:
    async with case.alice.on_another_device() as person, AsyncExitStack() as opened:
        devices = [await opened.enter_async_context(case.device(person)) for _ in range(2)]
        elsewhere = await opened.enter_async_context(case.device(case.alice))
        for device in (*devices, elsewhere):
            await device.settle()
        await person.do("POST", "/v1/auth/logout")
        for device in devices:
            within_s = REVOKED_S + case.options.slack_s
            expect_equal(await device.ended(within_s=within_s), "revoked", "an end as")
        await elsewhere.settle()


async def a_new_password_cuts_all_other_sessions(case: Case) -> None:
    async with case.alice.on_another_device() as person, AsyncExitStack() as opened:
        elsewhere = await opened.enter_async_context(case.device(person))
        here = await opened.enter_async_context(case.device(case.alice))
        for device in (elsewhere, here):
            await device.settle()
        known = case.alice.password
        await _change_password(case, known, secrets.token_urlsafe(18))
        try:
            within_s = REVOKED_S + case.options.slack_s
            expect_equal(await elsewhere.ended(within_s=within_s), "revoked", "an end as")
            await here.settle()
        finally:
            await _change_password(case, case.alice.password, known)


async def _change_password(case: Case, old: str, new: str) -> None:
    body = {"old": old, "new": new}
    answer = await case.alice.call("POST", "/v1/auth/password/change", body)
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise Skipped("there is no way to change a password")
    expect(answer.is_success, "a new password to be taken", answer.text)
    case.alice.password = new


async def tokens_of_others_are_refused(case: Case) -> None:
    async with case.alice.on_another_device() as again:
        for token in (case.bob.token, again.token):
            async with ready_device(case.alice) as device:
                refusal = await device.wire.ask("refresh", token=token)
                expect(refusal.data.get("code") == "unauthenticated", "a refusal", refusal)
                code, _ = await device.wire.closed()
                expect_equal(code, 4401, "a close with")


async def one_too_many_closes_the_oldest(case: Case) -> None:
    most = case.limits["connections_per_person"]
    case.at_most(most, MOST_SOCKETS, "connections_per_person")
    async with AsyncExitStack() as opened:
        oldest, *others = [
            await opened.enter_async_context(ready_device(case.alice)) for _ in range(most + 1)
        ]
        code, _ = await oldest.wire.closed()
        expect_equal(code, 4409, "the oldest to be closed with")
        for device in others:
            await device.settle()


def _left_s(moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()


CLAUSES: Final = (
    Clause("P33", "`ping` is answered by `pong`, before and after `auth`", a_ping_is_answered),
    Clause(
        "P33",
        "who answers no ping is closed with 4411 within 45 s",
        a_zombie_is_closed,
        people=1,
        within_s=60.0,
    ),
    Clause(
        "P34",
        "`token_expiring` comes, then 4401 at most 30 s after the end; `refresh` goes on",
        a_token_expires,
        people=1,
        within_s=130.0,
    ),
    Clause(
        "P34",
        "a poll with a token that has expired is refused with 401 `token_expired`",
        an_expired_token_polls_no_more,
        ways=(POLL,),
        people=1,
        within_s=130.0,
    ),
    Clause(
        "P35",
        "a log-out ends everything of that session within 2 s, and nothing else",
        a_log_out_cuts_all_of_the_session,
        ways=WAYS,
        people=1,
    ),
    Clause(
        "P35",
        "a new password ends everything of all other sessions within 2 s",
        a_new_password_cuts_all_other_sessions,
        ways=WAYS,
        people=1,
    ),
    Clause(
        "P36",
        "`refresh` with a token of somebody else, or of another session, is refused",
        tokens_of_others_are_refused,
        ways=(SOCKET,),
    ),
    Clause(
        "P38",
        "one connection more than `connections_per_person` closes the oldest with 4409",
        one_too_many_closes_the_oldest,
        people=1,
    ),
)
