"""Getting in, staying in, and being sent away."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    LeaseChange,
    ReportLease,
    read_payload,
)
from libs.common.contracts.facts import (
    SESSION_REVOKED,
    USER_DISABLED,
    USER_UPDATED,
    SessionRevoked,
    UserChanged,
)
from libs.common.contracts.people import PersonKind, SystemRole
from tests.integration.gateway.house import House, house, session_of
from tests.integration.gateway.raw import wire
from tests.unit.gateway.fakes import ALICE, BOB, LOBBY

ROOM = {"room_id": str(LOBBY)}
SEND = ROOM | {"client_msg_id": "m-1", "content": "hello"}


@pytest.fixture
async def home() -> AsyncIterator[House]:
    async with house() as running:
        yield running


async def test_hello_comes_first_and_tells_all_limits(home: House) -> None:
    async with home.socket() as client:
        hello = (await client.next("hello"))["data"]

    assert len(hello["limits"]) == 18
    assert (hello["auth_timeout_ms"], hello["heartbeat_ms"]) == (5_000, 25_000)
    assert hello["limits"]["frame_bytes"] == 65_536


async def test_a_token_in_the_header_is_enough(home: House) -> None:
    headers = {"Authorization": "Bearer Alice"}
    async with home.socket(additional_headers=headers) as client:
        await client.next("hello")
        assert (await client.next("ready"))["data"]["person"]["name"] == "Alice"

        assert (await client.ask("auth", {}))["type"] == "ready"
        again = await client.ask("auth", {})
        assert again["data"]["code"] == "already_authenticated"


@pytest.mark.parametrize(
    ("token", "code", "reason"),
    [
        ("nobody", "unauthenticated", "invalid"),
        ("expired", "token_expired", "expired"),
    ],
)
async def test_a_bad_token_is_answered_and_closed(
    home: House, token: str, code: str, reason: str
) -> None:
    async with home.socket() as client:
        await client.next("hello")
        answer = await client.ask("auth", {"token": token})

        assert answer["data"]["code"] == code
        assert await client.closed() == (4401, reason)


async def test_commands_behind_auth_wait_for_it(home: House) -> None:
    home.messages.gates["/internal/rooms-of"] = asyncio.Event()
    async with home.socket() as client:
        await client.next("hello")
        await client.say("auth", {"token": "Alice"})
        await client.say("join_room", ROOM)
        home.messages.gates["/internal/rooms-of"].set()

        await client.next("ready")
        await client.next("room_joined")


async def test_leases_follow_a_connection() -> None:
    async with house() as home:
        async with home.client(ALICE) as alice:
            opened = read_payload(await home.next_lease(), PERSON_PAYLOADS)
            await alice.join(LOBBY)
            joined = read_payload(await home.next_lease(), PERSON_PAYLOADS)
        closed = read_payload(await home.next_lease(), PERSON_PAYLOADS)

    reports = [one for one in (opened, joined, closed) if isinstance(one, ReportLease)]
    assert [one.change for one in reports] == [
        LeaseChange.OPENED,
        LeaseChange.RENEWED,
        LeaseChange.CLOSED,
    ]
    assert [one.rooms for one in reports] == [(), (LOBBY,), ()]


async def test_an_ended_session_is_cut_and_does_not_come_back(home: House) -> None:
    async with home.client(ALICE) as alice, home.client(BOB) as bob:
        fact = SessionRevoked(session_of(ALICE), ALICE.id, 2e9, "logout")
        await home.announce(SESSION_REVOKED, fact)
        assert await alice.closed() == (4401, "revoked")

        async with home.socket() as again:
            await again.next("hello")
            assert (await again.ask("auth", {"token": "Alice"}))["type"] == "error"
            assert await again.closed() == (4401, "revoked")
        assert (await bob.ask("ping", {}))["type"] == "pong"


async def test_a_disabled_person_is_cut(home: House) -> None:
    async with home.client(BOB) as bob:
        changed = UserChanged(BOB.id, PersonKind.USER, "Bob", SystemRole.MEMBER, True, 2)
        await home.announce(USER_DISABLED, changed)

        assert await bob.closed() == (4403, "disabled")


async def test_a_renamed_person_writes_by_the_new_name(home: House) -> None:
    async with home.client(BOB) as bob:
        changed = UserChanged(BOB.id, PersonKind.USER, "Bobby", SystemRole.MEMBER, False, 2)
        await home.announce(USER_UPDATED, changed)
        await bob.ask("ping", {})
        await bob.say("send_message", SEND)

        assert (await home.next_command()).actor.name == "Bobby"


async def test_a_token_runs_out_unless_it_is_refreshed() -> None:
    async with house(token_warning_s=2) as home, home.socket() as client:
        await client.next("hello")
        await client.ask("auth", {"token": "Alice-1.5"})
        await client.next("token_expiring")
        ack = await client.ask("refresh", {"token": "Alice-1.6"})
        assert set(ack["data"]) == {"expires_at"}
        await client.next("token_expiring")

        assert await client.closed() == (4401, "expired")


async def test_a_token_of_somebody_else_does_not_refresh(home: House) -> None:
    async with home.client(ALICE) as alice:
        assert (await alice.ask("refresh", {"token": "Bob"}))["type"] == "error"

        assert await alice.closed() == (4401, "invalid")


async def test_one_connection_too_many_replaces_the_oldest() -> None:
    async with (
        house(connections_per_person=2) as home,
        home.client(ALICE) as first,
        home.client(ALICE) as second,
        home.client(BOB),
        home.client(ALICE),
    ):
        assert await first.closed() == (4409, "replaced")
        assert (await second.ask("ping", {}))["type"] == "pong"


async def test_a_client_that_answers_pings_stays_and_a_dead_one_goes() -> None:
    async with (
        # Alice answers from the same loop as the gateway, so she has time for that.
        house(heartbeat_s=0.1, pong_timeout_s=1.0, auth_timeout_s=60) as home,
        home.client(ALICE) as alice,
        wire(home.port) as dead,
    ):
        await dead.shake_hands()

        assert await dead.close_code() == 4411
        assert (await alice.ask("ping", {}))["type"] == "pong"


async def test_connections_are_counted(home: House) -> None:
    async with home.client(ALICE) as alice:
        await alice.ask("ping", {})
        assert home.counted("connections_count") == 1
        await alice.socket.close()

    await home.closed_with(1000)
    assert home.counted("connections_count") == 0
