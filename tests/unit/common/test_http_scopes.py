"""Where an API token is let in: only where its scope is named."""

import pytest
from pydantic import BaseModel

from libs.common.contracts.scopes import Scope
from libs.common.http.endpoint import Endpoint
from libs.common.http.openapi import document
from libs.common.http.people import ANYONE, Caller
from libs.common.permissions.scopes import InsufficientScope, check_scope
from tests.unit.common.web import AS_ALICE, AS_READER, call


class Who(BaseModel):
    name: str


async def me(caller: Caller) -> Who:
    """Say who asks."""
    return Who(name=caller.name)


async def maybe_me(caller: Caller | None) -> Who:
    """Say who asks, if anybody."""
    return Who(name=caller.name if caller else "nobody")


def reached(scope: Scope | None) -> Endpoint:
    return Endpoint("GET", "/v1/me", me, scope=scope)


async def test_a_token_is_good_where_its_scope_is_named() -> None:
    answer = await call(reached(Scope.ROOMS_READ), "GET", "/v1/me", headers=AS_READER)

    assert answer.json() == {"name": "Alice"}


@pytest.mark.parametrize("scope", [None, *(set(Scope) - {Scope.ROOMS_READ})])
async def test_a_token_is_refused_where_another_scope_or_none_is_named(scope: Scope | None) -> None:
    answer = await call(reached(scope), "GET", "/v1/me", headers=AS_READER)

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("scope", [None, *Scope])
async def test_a_session_needs_no_scope(scope: Scope | None) -> None:
    assert (await call(reached(scope), "GET", "/v1/me", headers=AS_ALICE)).status_code == 200


async def test_where_anyone_may_come_a_token_without_a_scope_may_not_say_who_it_is() -> None:
    endpoint = Endpoint("GET", "/v1/me", maybe_me, admits=ANYONE)

    assert (await call(endpoint, "GET", "/v1/me", headers=AS_READER)).status_code == 403


def test_a_token_for_nothing_is_good_for_nothing() -> None:
    for scope in (None, *Scope):
        with pytest.raises(InsufficientScope):
            check_scope(frozenset(), scope)


def test_the_document_names_the_scope_and_its_refusal() -> None:
    described = document([reached(Scope.ROOMS_READ)], service="rooms")

    operation = described["paths"]["/v1/me"]["get"]
    assert operation["security"] == [{"bearer": ["rooms:read"]}]
    assert "insufficient_scope" in operation["responses"]["403"]["description"]
