"""P1 to P7: the handshake, and saying who one is."""

import asyncio
import json
from typing import Final
from urllib.parse import urlsplit

from hubbub_client.frames import Json
from tests.conformance.case import Case
from tests.conformance.clause import POLL, Clause, expect, expect_equal
from tests.conformance.poll_way import PATH
from tests.conformance.socket_way import ready_device
from tests.conformance.wire import authenticate, refused, wire

LIMITS: Final = frozenset(
    {
        "frame_bytes",
        "auth_frame_bytes",
        "content_chars",
        "content_bytes",
        "rooms_attached",
        "connections_per_person",
        "in_flight",
        "commands_per_s",
        "commands_burst",
        "sends_per_s",
        "sends_burst",
        "room_sends_per_s",
        "room_sends_burst",
        "typing_interval_ms",
        "replay_events_per_room",
        "sync_limit",
        "backlog_frames",
        "backlog_bytes",
    }
)

HELLO: Final = frozenset(
    {"connection_id", "server_time", "auth_timeout_ms", "heartbeat_ms", "limits"}
)

COMMANDS_BEFORE_AUTH: Final = 3
SILENCE_TOLERANCE_S: Final = 1.0


async def hello_comes_first(case: Case) -> None:
    async with wire(case.server) as one:
        await one.ask("ping")
    expect_equal(one.frames[0].type, "hello", "the first frame to be")
    _check_hello(one.frames[0].data)


async def a_poll_is_greeted(case: Case) -> None:
    body = {"cursors": {}, "timeout_ms": 0, "greet": True}
    answer = await case.alice.do("POST", PATH, body)
    _check_hello(answer.get("hello") or {})
    expect_equal(answer["ready"]["person"]["id"], case.alice.id, "`ready` to name the person")


def _check_hello(hello: Json) -> None:
    expect(hello.keys() >= HELLO, f"`hello` with {sorted(HELLO)}", hello)
    missing = LIMITS - hello["limits"].keys()
    expect(not missing, "all limits", f"none of {sorted(missing)}")
    numbers = {name: hello["limits"][name] for name in LIMITS}
    expect(all(value > 0 for value in numbers.values()), "limits above 0", numbers)


async def a_stranger_is_refused_and_cut(case: Case) -> None:
    async with wire(case.server) as one:
        for _ in range(COMMANDS_BEFORE_AUTH):
            refusal = await one.ask("set_presence", state="online")
            expect(refusal.data.get("code") == "unauthenticated", "`unauthenticated`", refusal)
        expect_equal((await one.closed())[0], 4401, "a close with")


async def a_poll_of_a_stranger_is_refused(case: Case) -> None:
    body = {"cursors": {}, "timeout_ms": 0}
    answer = await case.alice.http.post(PATH, json=body)
    came = (answer.status_code, answer.json().get("code"))
    expect_equal(came, (401, "unauthenticated"), "a poll without a token to be refused with")


async def silence_is_cut(case: Case) -> None:
    loop = asyncio.get_running_loop()
    limit_s = case.server.auth_timeout_s
    case.at_most(limit_s, case.options.patience_s, "auth_timeout (seconds)")
    async with wire(case.server) as one:
        await one.hear("hello")
        began = loop.time()
        code, _ = await one.closed(within_s=limit_s + case.options.slack_s + 10)
        lasted_s = loop.time() - began
    expect_equal(code, 4408, "a close with")
    latest_s = limit_s + SILENCE_TOLERANCE_S + case.options.slack_s
    expect(
        limit_s - SILENCE_TOLERANCE_S <= lasted_s <= latest_s,
        f"it {limit_s:g} s after `hello`, give or take {SILENCE_TOLERANCE_S:g}",
        f"it after {lasted_s:.1f} s",
    )


async def the_header_is_enough(case: Case) -> None:
    async with wire(case.server, headers=case.alice.bearer) as one:
        ready = await one.hear("ready")
    expect_equal(ready.data["person"]["id"], case.alice.id, "`ready` to name the person")


async def so_is_the_first_frame(case: Case) -> None:
    async with ready_device(case.alice) as device:
        data = device.ready.data
    expect_equal(data["person"]["id"], case.alice.id, "`ready` to name the person")
    needed = {"person", "expires_at", "presence_state", "rooms"}
    expect(data.keys() >= needed, f"`ready` with {sorted(needed)}", data)


async def only_ours_is_spoken(case: Case) -> None:
    for offered, chosen in (((), None), (("chat.v9", "chat.v1"), "chat.v1")):
        async with wire(case.server, subprotocols=offered) as one:
            expect_equal(one.socket.subprotocol, chosen, f"of {list(offered)} to be chosen")
    status, body = await refused(case.server, subprotocols=("chat.v9",))
    expect_equal((status, _code(body)), (400, "unsupported_protocol"), "chat.v9 to be answered")


async def no_token_in_the_address(case: Case) -> None:
    for name in ("token", "access_token", "jwt"):
        status, _ = await refused(case.server, query=f"?{name}={case.alice.token}")
        expect_equal(status, 400, f"`{name}` in the address to be answered")


async def foreign_pages_are_refused(case: Case) -> None:
    for origin in ("https://evil.example", "null"):
        status, _ = await refused(case.server, origin=origin)
        expect_equal(status, 403, f"Origin {origin} to be answered")
    parts = urlsplit(case.options.url)
    for own in (None, f"{parts.scheme}://{parts.netloc}"):
        async with wire(case.server, origin=own) as one:
            await one.hear("hello")


async def once_is_enough(case: Case) -> None:
    async with ready_device(case.alice) as device:
        refusal = await authenticate(device.wire, case.alice.token)
        expect(refusal.data.get("code") == "already_authenticated", "it refused", refusal)
        await device.settle()


def _code(body: str) -> str | None:
    try:
        return str(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return None


CLAUSES: Final = (
    Clause("P1", "`hello` is the first frame and tells every limit", hello_comes_first, people=0),
    Clause(
        "P1",
        "a poll that greets hears `hello` with every limit, and `ready`",
        a_poll_is_greeted,
        ways=(POLL,),
        people=1,
    ),
    Clause(
        "P2",
        "a command before `auth` hears `unauthenticated`, the third one closes with 4401",
        a_stranger_is_refused_and_cut,
        people=0,
    ),
    Clause(
        "P2",
        "a poll without a token hears 401 `unauthenticated`",
        a_poll_of_a_stranger_is_refused,
        ways=(POLL,),
        people=1,
    ),
    Clause(
        "P3",
        "who stays silent is closed with 4408 when `auth_timeout_ms` is over, give or take 1 s",
        silence_is_cut,
        people=0,
    ),
    Clause("P4", "a token in the handshake's header gives `ready`", the_header_is_enough, people=1),
    Clause("P4", "a token in the first frame gives `ready`", so_is_the_first_frame, people=1),
    Clause("P4", "of subprotocols only `chat.v1` is chosen", only_ours_is_spoken, people=0),
    Clause("P5", "a token in the address is refused with 400", no_token_in_the_address, people=1),
    Clause(
        "P6",
        "a foreign `Origin` and `null` are refused with 403; none and our own are welcome",
        foreign_pages_are_refused,
        people=0,
    ),
    Clause("P7", "a second `auth` hears `already_authenticated`", once_is_enough, people=1),
)
