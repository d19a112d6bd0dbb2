"""Whoever's session ends is cut off at every gateway, whatever ended it and whatever is broken."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Final

import httpx
import pytest
import pytest_asyncio

from tests.chaos.standstill import still
from tests.support.fleet import Fleet
from tests.system.people import PASSWORD, Person
from tests.system.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="package")

PROMISED_S: Final = 2.0
SLACK_S: Final = 8.0
"""On a busy machine a process may have to wait for its turn for so long."""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def owner(running: Fleet) -> AsyncIterator[Person]:
    """Who may disable others."""
    person = await Person.register(running, "Olive", owner_token=running.owner_token)
    yield person
    await person.close()


@pytest_asyncio.fixture(loop_scope="package")
async def bob(fleet: Fleet) -> AsyncIterator[Person]:
    person = await Person.register(fleet, "Bob")
    yield person
    await person.close()


@asynccontextmanager
async def wires(person: Person, fleet: Fleet) -> AsyncIterator[list[Wire]]:
    """Open a socket of one session at every gateway there is."""
    async with AsyncExitStack() as opened:
        yield [
            await opened.enter_async_context(replace(person, socket_url=url).wire())
            for url in gateways(fleet)
        ]


def gateways(fleet: Fleet) -> list[str]:
    """Return the addresses of all gateways, without the balancer before them."""
    members = fleet.members().values()
    apis = [str(one["api"]) for one in members if one["service"] == "gateway"]
    assert len(apis) == 2
    return [api.replace("http://", "ws://") + "/v1/ws" for api in apis]


async def cut_after_s(cut: list[Wire], *, since: float) -> float:
    """Return how long it took until all of them were closed for good."""
    codes = await asyncio.gather(*(one.closed() for one in cut))
    assert set(codes) == {(4401, "revoked")}
    return time.monotonic() - since


async def test_an_end_cuts_the_sockets_at_every_gateway(
    fleet: Fleet, bob: Person, owner: Person
) -> None:
    took_s = {}
    async with (
        bob.on_another_device() as phone,
        bob.on_another_device() as tablet,
        wires(bob, fleet) as kept,
        wires(phone, fleet) as phones,
        wires(tablet, fleet) as tablets,
    ):
        began = time.monotonic()
        await phone.call("POST", "/v1/auth/logout")
        took_s["log-out"] = await cut_after_s(phones, since=began)
        began = time.monotonic()
        changed = await bob.call(
            "POST", "/v1/auth/password/change", {"old": PASSWORD, "new": "a newer horse"}
        )
        took_s["password"] = await cut_after_s(tablets, since=began)
        for one in kept:
            await one.settle()
        began = time.monotonic()
        disabled = await owner.call("PATCH", f"/v1/admin/users/{bob.id}", {"disabled": True})
        took_s["disabling"] = await cut_after_s(kept, since=began)

    assert changed.is_success, changed.text
    assert disabled.is_success, disabled.text
    assert min(took_s.values()) < PROMISED_S, took_s
    assert max(took_s.values()) < PROMISED_S + SLACK_S, took_s


async def test_without_a_bus_no_new_token_is_given_and_the_end_is_heard_of_later(
    fleet: Fleet, bob: Person
) -> None:
    """What is left is the token that is out, and that runs out by itself."""
    async with wires(bob, fleet) as open_ones:
        async with still("rabbitmq", fleet):
            logged_out = await bob.call("POST", "/v1/auth/logout")
            renewed = await bob.call(
                "POST", "/v1/auth/refresh", {"refresh_token": bob.refresh_token}
            )
            me = await bob.call("GET", "/v1/me")
        await cut_after_s(open_ones, since=time.monotonic())

    assert logged_out.status_code == httpx.codes.NO_CONTENT
    assert (renewed.status_code, renewed.json()["code"]) == (401, "session_revoked")
    assert (me.status_code, me.json()["code"]) == (401, "session_revoked")
