"""Other servers tell of their people: signed by the public package of the specification."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from libs.common.contracts.facts import USER_DISABLED, USER_REGISTERED, USER_UPDATED
from tests.integration.auth.living import Instance, Town
from tests.integration.auth.telling import (
    CLERK,
    HR,
    KEYCLOAK,
    NEXT_SECRET,
    SECRET,
    SHARED,
    ZOE,
    event,
    link,
    linked,
    people,
    send,
    signed,
    sources,
)
from tests.support.clock import TEN_O_CLOCK

SAMPLES: Final = Path(__file__).parents[2] / "unit/auth/identities/samples"


@pytest.fixture
async def auth(town: Town) -> AsyncIterator[Instance]:
    async with town.instance(identity=sources(HR)) as instance:
        yield instance


async def test_somebody_new_there_gets_an_account_here(auth: Instance, town: Town) -> None:
    # The only source needs no name.
    answer = await send(auth, event("user.created"), "/v1/webhooks/identity", name="svix")

    assert answer.status_code == 204
    assert await people(auth) == [ZOE]
    assert len(await town.heard(USER_REGISTERED)) == 1
    # It has no password, and says so to nobody.
    refused = await auth.log_in("zoe@example.org", "anything at all")
    assert refused.json()["code"] == "invalid_credentials"


async def test_each_of_several_sources_needs_its_name_and_one_of_its_secrets(town: Town) -> None:
    hr = HR | {"secrets": [NEXT_SECRET, SECRET]}
    other = HR | {"name": "other", "secrets": ["another secret of another"]}
    async with town.instance(identity=sources(hr, other)) as auth:
        nameless = await send(auth, event("user.created"), "/v1/webhooks/identity")
        mixed_up = await send(auth, event("user.created"), "/v1/webhooks/identity/other")
        assert await people(auth) == []

        old = await send(auth, event("user.created"))
        new = await send(auth, event("user.updated", 1, name="Zoë"), secret=NEXT_SECRET)

        assert (nameless.status_code, mixed_up.status_code) == (404, 401)
        assert (old.status_code, new.status_code) == (204, 204)
        assert [name for name, *_ in await people(auth)] == ["Zoë"]


async def test_a_repeated_webhook_is_answered_and_does_nothing(auth: Instance) -> None:
    copies = [send(auth, event("user.created"), webhook_id="msg_1") for _ in range(10)]

    answers = await asyncio.gather(*copies)
    replayed = await send(auth, event("user.updated", 9, name="Eve"), webhook_id="msg_1")

    assert {answer.status_code for answer in (*answers, replayed)} == {204}
    assert await people(auth) == [ZOE]


async def test_nothing_is_taken_that_is_not_signed_as_it_came(auth: Instance) -> None:
    body = event("user.created")
    sender = await auth.client()
    good = signed(body)
    written_again = json.dumps(json.loads(body), separators=(",", ":"))
    attempts = [
        (written_again, good),
        (body, good | {"webhook-id": "msg_another"}),
        (body, good | {"webhook-timestamp": str(int(TEN_O_CLOCK) + 1)}),
        (body, signed(body, secret=NEXT_SECRET)),
        (body, signed(body, late_s=301)),
        (body, signed(body, late_s=-301)),
        *(
            (body, {key: good[key] for key in good if key != missing})
            for missing in sorted(good)[1:]
        ),
    ]

    answers = [
        await sender.post("/v1/webhooks/identity/hr", content=said.encode(), headers=headers)
        for said, headers in attempts
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["code"] for answer in answers} == {"invalid_signature"}
    assert await people(auth) == []


async def test_a_change_there_is_one_here(auth: Instance, town: Town) -> None:
    await send(auth, event("user.created"))

    await send(auth, event("user.updated", 1, name="Zoe Zimmer", email="zz@example.org"))

    assert await people(auth) == [("Zoe Zimmer", "zz@example.org", False)]
    assert len(await town.heard(USER_UPDATED)) >= 1
    letters = await auth.database.fetch("SELECT kind, recipient FROM mail")
    assert ("email_changed", "zoe@example.org") in [tuple(row) for row in letters]


async def test_an_address_that_is_not_theirs_or_another_s_is_not_taken_over(auth: Instance) -> None:
    await auth.register("Bob")
    await send(auth, event("user.created"))

    claimed = event("user.updated", 1, email="zz@example.org", email_verified=False)
    unverified = await send(auth, claimed)
    moved = await send(auth, event("user.updated", 2, email="bob@example.org"))
    doubled = await send(
        auth, event("user.created", 3, email="bob@example.org").replace("zoe-1", "zoe-2")
    )

    assert {answer.status_code for answer in (unverified, moved, doubled)} == {204}
    assert sorted(email for _, email, _ in await people(auth)) == [
        "bob@example.org",
        "zoe@example.org",
    ]


async def test_an_account_that_was_made_here_keeps_its_address(auth: Instance) -> None:
    await link(auth, await auth.register("Bob"))

    await send(auth, event("user.updated", name="Robert", email="robert@example.org"))

    assert await people(auth) == [("Robert", "bob@example.org", False)]


async def test_a_name_that_deceives_stays_there(auth: Instance) -> None:
    await send(auth, event("user.created", name="Admin"))
    await send(auth, event("user.updated", 1, name="Al\u202eice"))
    await send(auth, event("user.updated", 2, name="аdmin"))

    assert [name for name, *_ in await people(auth)] == ["Alice"]


async def test_older_news_that_come_later_change_nothing(auth: Instance) -> None:
    await send(auth, event("user.updated", 5, name="Zoe Zimmer"))

    late = await send(auth, event("user.created", 1))
    for kind, at in (("user.deleted", 5), ("user.created", 1), ("user.updated", 4)):
        await send(auth, event(kind, at).replace("zoe", "eve"))

    assert late.status_code == 204
    assert [name for name, *_ in await people(auth)] == ["Zoe Zimmer"]


async def test_who_is_deleted_there_is_shut_out_here_at_once(auth: Instance, town: Town) -> None:
    bob = await auth.register("Bob")
    await link(auth, bob)

    await send(auth, event("user.deleted", 1))

    assert await people(auth) == [("Bob", "bob@example.org", True)]
    assert await linked(auth) == 0
    assert (await bob.get("/v1/me")).status_code == 401
    assert (await auth.refresh(bob.refresh_token)).status_code == 401
    assert len(await town.heard(USER_DISABLED)) == 1
    acts = await auth.database.fetch("SELECT kind FROM audit WHERE actor_id IS NULL")
    assert {row["kind"] for row in acts} >= {"account.disabled", "identity.unlinked"}


async def test_the_last_owner_is_not_shut_out_by_another_server(auth: Instance) -> None:
    token = auth.links[0].partition("=")[2]
    owner = await auth.register("Olga", owner_token=token)
    await link(auth, owner)

    await send(auth, event("user.deleted", 1))

    assert await people(auth) == [("Olga", "olga@example.org", False)]
    assert await linked(auth) == 0


async def test_an_account_that_was_unlinked_here_does_not_come_back(auth: Instance) -> None:
    await send(auth, event("user.created"))
    await auth.database.execute("DELETE FROM identity")

    await send(auth, event("user.updated", 1, email="zoe2@example.org"))

    assert await people(auth) == [ZOE]
    assert await linked(auth) == 0


async def test_a_source_whose_clock_is_wrong_is_heard_again_soon(
    auth: Instance, town: Town
) -> None:
    await send(auth, event("user.created", 86_400 * 365))
    await town.clock.advance(400)

    body = event("user.updated", 1_400, name="Zoe Zimmer")
    await send(auth, body, late_s=-400)

    assert [name for name, *_ in await people(auth)] == ["Zoe Zimmer"]


async def test_senders_are_told_what_was_understood(auth: Instance) -> None:
    for body in ("", "[]", '{"type": "user.created"}', '{"type": 1}'):
        assert (await send(auth, body)).status_code == 422, body

    other = await send(auth, '{"type": "session.created", "data": {}}')
    astray = await send(auth, event("user.created"), "/v1/webhooks/identity/nobody")

    assert (other.status_code, astray.status_code) == (204, 404)


async def test_clerk_and_keycloak_are_understood_on_a_closed_server_too(town: Town) -> None:
    both = sources(CLERK | {"secrets": [SECRET]}, KEYCLOAK | {"secrets": [SHARED]})
    async with town.instance(identity=both, registration="closed") as auth:
        sender = await auth.client()
        for name in ("created", "deleted"):
            body = (SAMPLES / f"clerk.{name}.json").read_text().replace("alice@", "clara@")
            await send(auth, body, "/v1/webhooks/identity/clerk", name="svix")
        for number, name in enumerate(("registered", "verified", "updated", "deleted")):
            told = json.loads((SAMPLES / f"keycloak.{name}.json").read_text())
            raw = json.dumps(told | {"time": int(TEN_O_CLOCK - 60 + number) * 1_000}).encode()
            signature = hmac.new(SHARED.encode(), raw, hashlib.sha256).hexdigest()
            headers = {"x-keycloak-signature": signature}
            await sender.post("/v1/webhooks/identity/keycloak", content=raw, headers=headers)

        assert sorted(await people(auth)) == [
            ("Alice Archer", "clara@example.org", True),
            ("Alice Baker", "baker@example.org", True),
        ]


async def test_ids_are_forgotten_when_their_senders_have_given_up(town: Town) -> None:
    async with town.instance(identity=sources(HR), workers={"identities"}) as auth:
        await send(auth, event("user.created"))
        count = "SELECT count(*) FROM webhook"
        assert await auth.database.fetchval(count) == 1

        await town.clock.advance(8 * 86_400)

        async with asyncio.timeout(30):
            while await auth.database.fetchval(count):
                await town.clock.advance(600)
