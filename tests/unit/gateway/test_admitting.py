"""Letting people in, and renewing what let them in."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from libs.common.contracts.ids import SessionId
from libs.common.contracts.people import Person
from libs.common.contracts.scopes import Scope
from libs.common.errors import ChatError, TooMany, Unauthorized
from libs.common.http.people import Caller
from libs.common.tokens.revoked import RevokedSessions
from services.gateway.connection.admitting import Admitting
from services.gateway.core.effects import Admit, Close, Renew
from services.gateway.core.refusals import CloseCode
from services.gateway.hub.asking import Asking
from services.gateway.hub.blocks import Blocks
from services.gateway.hub.hub import Hub
from services.gateway.hub.people import People
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import ALICE, BOB, LOBBY, FakeMessages, FakePresence, FakeRooms
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.pressed import relief_for
from tests.unit.gateway.speaking import NOW, bearer, new_session, say

PEOPLE = {"alice": ALICE, "bob": BOB}


class Verifier:
    """Knows people by name, and tokens of theirs that only write."""

    async def verify(self, token: str, now: float) -> Caller:
        name, _, writes = token.partition("-")
        person = PEOPLE.get(name)
        if person is None:
            raise Unauthorized
        session_id = SessionId(person.id)
        scopes = frozenset({Scope.MESSAGES_WRITE}) if writes else None
        return Caller(person.id, person.kind, person.name, session_id, now + 900, scopes=scopes)


@dataclass
class Porch:
    """Somewhere to be let in. All strangers come from one address."""

    knobs: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = GatewaySettings(**self.knobs)
        self.messages, self.presence = FakeMessages(), FakePresence()
        self.people, self.rooms = People(), FakeRooms()
        self.clock = SetClock(NOW)
        self.hub = Hub(self.clock)
        self.relief = relief_for(self.hub, self.clock, settings=settings, messages=self.messages)
        self.admission, self.revoked = self.relief.admission, RevokedSessions()
        self.messages.log()
        self.admitting = Admitting(
            Verifier(),
            self.revoked,
            asking=Asking(self.messages, self.presence, settings=settings),
            blocks=Blocks(
                self.rooms,
                self.hub.apart,
                self.people,
                self.relief.unshown,
                settings=settings,
                clock=self.clock,
            ),
            people=self.people,
            unattended=self.relief.unattended,
            admission=self.admission,
            connections_per_person=settings.connections_per_person,
            clock=self.clock,
        )

    def stranger(self, person: Person = ALICE, *, name: str = "c-1") -> FakeClient:
        """Return a connection that has just said `auth`."""
        client = FakeClient(person, name=name)
        client.session = new_session()
        client.frames()
        say(client.session, "auth", {"token": "t"}, ref="a")
        self.admission.came(client.address)
        return client


@pytest.fixture
def porch() -> Porch:
    return Porch()


async def test_who_has_a_token_is_let_in(porch: Porch) -> None:
    alice = porch.stranger()

    await porch.admitting.admit(alice, Admit("alice"))

    [ready] = alice.frames()
    assert ready["type"] == "ready"
    assert ready["data"]["rooms"][0]["room_id"] == str(LOBBY)
    assert ready["data"]["expires_at"] == "1970-01-01T00:31:40.000Z"
    assert porch.people.of_person(ALICE.id) == [alice]
    assert alice.reads == 1


async def test_ready_says_what_somebody_chose_to_be_seen_as(porch: Porch) -> None:
    porch.presence.chosen = {ALICE.id: "away"}
    alice, bob = porch.stranger(), porch.stranger(BOB, name="c-2")

    await asyncio.gather(
        porch.admitting.admit(alice, Admit("alice")), porch.admitting.admit(bob, Admit("bob"))
    )

    states = [client.frames()[0]["data"]["presence_state"] for client in (alice, bob)]
    assert states == ["away", "online"]
    assert porch.presence.calls == ["/internal/chosen"]


async def test_presence_is_asked_while_the_log_is(porch: Porch) -> None:
    porch.messages.gates["/internal/rooms-of"] = asyncio.Event()
    admitting = asyncio.create_task(porch.admitting.admit(porch.stranger(), Admit("alice")))
    for _ in range(10):
        await asyncio.sleep(0)

    assert porch.presence.calls == ["/internal/chosen"]
    porch.messages.gates["/internal/rooms-of"].set()
    await admitting


@pytest.mark.parametrize("is_down", [True, False])
async def test_without_presence_everybody_is_let_in_as_online(is_down: bool) -> None:
    porch = Porch({"online_timeout_s": 0.01})
    porch.presence.is_down = is_down
    porch.presence.gate = None if is_down else asyncio.Event()
    porch.presence.chosen = {ALICE.id: "away"}
    alice = porch.stranger()

    await porch.admitting.admit(alice, Admit("alice"))

    assert alice.frames()[0]["data"]["presence_state"] == "online"


async def test_who_has_none_is_not(porch: Porch) -> None:
    alice = porch.stranger()

    await porch.admitting.admit(alice, Admit("nobody"))

    [error] = alice.frames()
    assert error["data"]["code"] == "unauthenticated"
    assert len(porch.people) == 0


async def test_a_token_that_may_not_hear_opens_no_socket(porch: Porch) -> None:
    robot = porch.stranger()

    await porch.admitting.admit(robot, Admit("bob-who-writes"))

    [error] = robot.frames()
    assert error["data"]["code"] == "insufficient_scope"
    assert len(porch.people) == 0


async def test_bad_tokens_of_one_address_are_counted(porch: Porch) -> None:
    porch = Porch({"failed_auths_per_minute": 1})
    await porch.admitting.admit(porch.stranger(), Admit("nobody"))
    again = porch.stranger()

    await porch.admitting.admit(again, Admit("nobody"))

    assert again.frames()[0]["data"]["code"] == "rate_limited"


async def test_without_the_log_nobody_is_let_in(porch: Porch) -> None:
    porch.messages.is_down = True
    alice = porch.stranger()

    await porch.admitting.admit(alice, Admit("alice"))

    assert alice.frames()[0]["data"]["code"] == "unavailable"


async def test_a_session_that_ends_meanwhile_is_not_let_in(porch: Porch) -> None:
    alice = porch.stranger()
    known = await porch.admitting.bearer("alice", alice.address)
    porch.revoked.add(SessionId(ALICE.id), until=NOW + 900)

    await porch.admitting.admit(alice, Admit(known))

    assert alice.frames()[0]["data"]["code"] == "session_revoked"
    assert len(porch.people) == 0


async def test_one_connection_too_many_replaces_the_oldest() -> None:
    porch = Porch({"connections_per_person": 2})
    clients = [porch.stranger(name=f"c-{number}") for number in range(3)]

    for client in clients:
        await porch.admitting.admit(client, Admit("alice"))

    assert clients[0].ends == [(CloseCode.REPLACED, "replaced")]
    assert clients[1].ends == clients[2].ends == []


async def test_auth_behind_a_handshake_with_token_is_only_answered(porch: Porch) -> None:
    alice = porch.stranger()
    await porch.admitting.admit(alice, Admit("alice"))
    alice.frames()

    await porch.admitting.admit(alice, Admit(bearer()))

    assert alice.heard() == ["ready"]
    assert len(porch.people) == 1


async def test_a_newer_token_is_taken(porch: Porch) -> None:
    alice = porch.stranger()
    await porch.admitting.admit(alice, Admit("alice"))
    say(alice.session, "refresh", {"token": "alice"}, ref="f")
    alice.frames()

    await porch.admitting.renew(alice, Renew("alice", "f"))

    assert alice.heard() == ["ack"]


@pytest.mark.parametrize(("token", "is_closed"), [("nobody", False), ("bob", True)])
async def test_another_token_is_refused(porch: Porch, token: str, is_closed: bool) -> None:
    alice = porch.stranger()
    await porch.admitting.admit(alice, Admit("alice"))
    say(alice.session, "refresh", {"token": token}, ref="f")
    alice.frames()
    alice.done.clear()

    await porch.admitting.renew(alice, Renew(token, "f"))

    assert alice.frames()[0]["data"]["code"] == "unauthenticated"
    assert alice.is_closed is is_closed


async def test_a_token_says_until_when(porch: Porch) -> None:
    known = await porch.admitting.bearer("bob", "192.0.2.1")

    assert (known.person, known.expires_at) == (BOB, NOW + 900)


@pytest.mark.parametrize("tries", [10, 11])
async def test_the_limit_of_bad_tokens(porch: Porch, tries: int) -> None:
    refusals: list[type[ChatError]] = []
    for _ in range(tries):
        with pytest.raises(ChatError) as refusal:
            await porch.admitting.bearer("nobody", "192.0.2.1")
        refusals.append(refusal.type)

    assert (TooMany in refusals) is (tries > 10)


async def test_people_are_greeted_one_after_the_other() -> None:
    porch = Porch({"resumes_per_s": 1, "resume_wait_s": 1})
    alice, bob = porch.stranger(), porch.stranger(BOB, name="c-2")
    admitting = asyncio.gather(
        porch.admitting.admit(alice, Admit("alice")), porch.admitting.admit(bob, Admit("bob"))
    )
    await porch.clock.advance(0.5)
    assert (heard(alice), heard(bob)) == (["ready"], [])

    await porch.clock.advance(1)
    await admitting

    assert heard(bob) == ["ready"]


async def test_who_would_wait_for_too_long_is_sent_away_until_later() -> None:
    porch = Porch({"resumes_per_s": 1, "resume_wait_s": 0.5})
    clients = [porch.stranger(name=f"c-{number}") for number in range(3)]
    admitting = [
        asyncio.create_task(porch.admitting.admit(client, Admit("alice"))) for client in clients
    ]
    await porch.clock.advance(5)
    await asyncio.gather(*admitting)

    *_, last = clients
    [effect] = [one for one in last.done if isinstance(one, Close)]
    assert effect.code is CloseCode.LATER
    assert [client.is_closed for client in clients] == [False, False, True]


async def test_how_a_room_stands_is_told_to_who_is_let_in(porch: Porch) -> None:
    await porch.admitting.admit(porch.stranger(), Admit("alice"))

    assert len(porch.relief.unattended) == 1


def heard(client: FakeClient) -> list[str]:
    return [frame["type"] for frame in client.frames()]
