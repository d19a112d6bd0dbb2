"""Who may come in at all."""

from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import Person, PersonKind
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import ANYONE, Caller, CallingService, SignedTokens
from libs.common.tokens.access import Claims
from tests.support.clock import TEN_O_CLOCK
from tests.unit.common.speaking import written_logs
from tests.unit.common.web import (
    ALICE,
    AS_ALICE,
    AS_GUEST,
    AS_ROBOT,
    AS_ROOMS,
    ROOM,
    Site,
    browser,
    call,
)


class Who(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str


async def me(caller: Caller) -> Who:
    """Say who asks."""
    return Who(name=caller.name)


async def maybe_me(caller: Caller | None) -> Who:
    """Say who asks, if anybody."""
    return Who(name=caller.name if caller else "nobody")


async def silent() -> Who:
    """Ask nothing about the caller."""
    return Who(name="-")


async def service(caller: CallingService) -> Who:
    """Say which service asks."""
    return Who(name=caller.name)


@pytest.mark.parametrize("handler", [me, silent])
@pytest.mark.parametrize(
    ("headers", "status"), [(AS_ALICE, 200), (AS_GUEST, 403), (AS_ROBOT, 403), ({}, 401)]
)
async def test_only_users_are_admitted_where_nothing_else_is_said(
    handler: object, headers: dict[str, str], status: int
) -> None:
    endpoint = Endpoint("GET", "/v1/me", handler)  # type: ignore[arg-type]

    assert (await call(endpoint, "GET", "/v1/me", headers=headers)).status_code == status


async def test_an_endpoint_admits_the_kinds_it_names() -> None:
    endpoint = Endpoint("GET", "/v1/me", me, admits={"user", "guest"})

    assert (await call(endpoint, "GET", "/v1/me", headers=AS_GUEST)).json() == {"name": "Passer-by"}
    assert (await call(endpoint, "GET", "/v1/me", headers=AS_ROBOT)).status_code == 403


async def test_a_bot_has_no_session_and_is_admitted_all_the_same() -> None:
    endpoint = Endpoint("GET", "/v1/me", me, admits={"bot"})

    assert (await call(endpoint, "GET", "/v1/me", headers=AS_ROBOT)).json() == {"name": "Robot"}


@pytest.mark.parametrize(
    ("headers", "name"), [({}, "nobody"), (AS_ALICE, "Alice"), (AS_GUEST, "Passer-by")]
)
async def test_where_anyone_may_come_a_token_still_says_who(
    headers: dict[str, str], name: str
) -> None:
    endpoint = Endpoint("GET", "/v1/me", maybe_me, admits=ANYONE)

    assert (await call(endpoint, "GET", "/v1/me", headers=headers)).json() == {"name": name}


async def test_where_nobody_asks_who_it_is_a_bad_token_does_not_matter() -> None:
    """An expired access token must not stand in the way of renewing it."""

    async def renew() -> None:
        """Renew."""

    endpoint = Endpoint("POST", "/v1/renew", renew, admits=ANYONE)

    answer = await call(endpoint, "POST", "/v1/renew", headers={"authorization": "Bearer expired"})

    assert answer.status_code == 204


async def test_where_anyone_may_come_a_bad_token_is_still_refused() -> None:
    endpoint = Endpoint("GET", "/v1/me", maybe_me, admits=ANYONE)

    answer = await call(endpoint, "GET", "/v1/me", headers={"authorization": "Bearer forged"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "sent",
    ["", "alice", "Bearer", "Bearer ", "Basic alice", "Bearer alice bob", f"Bearer {'x' * 5000}"],
)
async def test_an_odd_authorization_is_refused(sent: str) -> None:
    endpoint = Endpoint("GET", "/v1/me", me)

    answer = await call(endpoint, "GET", "/v1/me", headers={"authorization": sent})

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_two_authorizations_are_refused() -> None:
    async with browser(Site(Endpoint("GET", "/v1/me", me)).public()) as alice:
        answer = await alice.get("/v1/me", headers=[*AS_ALICE.items(), *AS_ALICE.items()])

    assert answer.status_code == 401


async def test_the_word_bearer_may_be_written_in_any_case() -> None:
    endpoint = Endpoint("GET", "/v1/me", me)

    answer = await call(endpoint, "GET", "/v1/me", headers={"authorization": "bEaReR alice"})

    assert answer.status_code == 200


async def test_a_token_in_the_query_is_not_a_token() -> None:
    endpoint = Endpoint("GET", "/v1/me", me)

    assert (await call(endpoint, "GET", "/v1/me?access_token=alice", headers={})).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (AS_ROOMS, 200),
        ({"authorization": "Bearer messages"}, 403),
        ({"authorization": "Bearer user"}, 403),
        (AS_ALICE, 401),
        ({}, 401),
    ],
)
async def test_an_internal_endpoint_admits_the_services_it_names(
    headers: dict[str, str], status: int
) -> None:
    site = Site(Endpoint("POST", "/internal/access", service, admits={"rooms"}))

    async with browser(site.internal(), headers=headers) as caller:
        answer = await caller.post("/internal/access")

    assert answer.status_code == status


async def test_an_internal_endpoint_admits_nobody_where_nothing_is_said() -> None:
    site = Site(Endpoint("POST", "/internal/access", silent))

    async with browser(site.internal(), headers=AS_ROOMS) as rooms:
        assert (await rooms.post("/internal/access")).status_code == 403


async def test_a_service_is_no_person_at_the_public_door() -> None:
    assert (
        await call(Endpoint("GET", "/v1/me", me), "GET", "/v1/me", headers=AS_ROOMS)
    ).status_code == 401


async def test_the_summary_names_the_calling_service() -> None:
    site = Site(Endpoint("POST", "/internal/access", service, admits={"rooms"}))

    with written_logs() as lines:
        async with browser(site.internal(), headers=AS_ROOMS) as rooms:
            await rooms.post("/internal/access")

    (line,) = lines.of("request_handled")
    assert (line["caller"], line["listener"]) == ("rooms", "internal")


class GuestClaims:
    """A verifier that knows one guest's token."""

    async def verify(self, token: str, now: float) -> Claims:
        return Claims(
            issuer="https://chat.example",
            audience="hubbub-guest",
            person_id=PersonId(UUID(int=2)),
            session_id=SessionId(UUID(int=3)),
            token_id=UUID(int=4),
            issued_at=int(now),
            not_before=int(now),
            expires_at=int(now) + 900,
            kind=PersonKind.GUEST,
            name="Passer-by",
            room_id=ROOM,
        )


async def test_a_signed_token_says_who_the_caller_is() -> None:
    caller = await SignedTokens(GuestClaims()).verify("token", TEN_O_CLOCK)

    assert caller == Caller(
        id=PersonId(UUID(int=2)),
        kind=PersonKind.GUEST,
        name="Passer-by",
        session_id=SessionId(UUID(int=3)),
        expires_at=TEN_O_CLOCK + 900,
        room_id=ROOM,
    )


def test_a_caller_is_a_person() -> None:
    assert ALICE.person == Person(kind=PersonKind.USER, id=ALICE.id, name="Alice")
