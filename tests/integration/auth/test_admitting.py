"""Who may make an account: the policy, and the links with which people are invited."""

import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest

from services.auth.core.letters import shown_time
from tests.integration.auth.administering import change, entries, hire, owner
from tests.integration.auth.living import ORIGIN, Instance, SignedInPerson, Town, registration
from tests.integration.auth.mailing import Mailing

RACERS = 50
INVITED = "You are invited"


@pytest.fixture
async def alice(auth: Instance) -> SignedInPerson:
    """The owner of the server."""
    return await owner(auth)


async def policy(by: SignedInPerson, **wish: Any) -> httpx.Response:
    return await by.client.patch("/v1/admin/policy", json=wish)


async def invite(by: SignedInPerson, **wish: Any) -> dict[str, Any]:
    answer = await by.post("/v1/admin/invites", json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def token_of(made: dict[str, Any]) -> str:
    page, _, token = str(made["link"]).partition("#invite=")
    assert page == f"{ORIGIN}/register"
    return token


async def register(auth: Instance, name: str, **more: Any) -> httpx.Response:
    stranger = await auth.client()
    return await stranger.post("/v1/auth/register", json=registration(name) | more)


async def test_a_page_learns_what_it_has_to_know(auth: Instance, alice: SignedInPerson) -> None:
    await policy(alice, registration="invite", domains=["Example.ORG"])
    stranger = await auth.client()

    shown = (await stranger.get("/v1/auth/registration")).json()

    assert shown == {"mode": "invite", "mail": False, "domains": ["example.org"], "providers": []}


async def test_a_policy_holds_for_all_instances_and_after_a_restart(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, registration="closed")

    async with town.instance(instance="auth-2", registration="open") as other:
        refused = await register(other, "Bob")

    assert (refused.status_code, refused.json()["code"]) == (403, "registration_closed")
    assert (await register(auth, "Bob")).status_code == 403


async def test_until_an_owner_says_otherwise_the_settings_hold(town: Town) -> None:
    async with town.instance(registration="invite", registration_domains="a.example") as auth:
        alice = await owner(auth)
        assert (await alice.get("/v1/admin/policy")).json() == {
            "registration": "invite",
            "domains": ["a.example"],
        }
        assert (await register(auth, "Bob")).json()["code"] == "invite_needed"

        changed = (await policy(alice, domains=[])).json()

    assert changed == {"registration": "invite", "domains": []}


async def test_an_admin_sees_the_policy_and_does_not_change_it(
    auth: Instance, alice: SignedInPerson
) -> None:
    dora = await hire(auth, alice, "Dora")

    assert (await dora.get("/v1/admin/policy")).status_code == 200
    assert (await policy(dora, registration="closed")).status_code == 403


async def test_a_policy_that_makes_no_sense_is_refused(alice: SignedInPerson) -> None:
    for wish in ({"registration": "maybe"}, {"domains": ["no domain"]}, {"domains": ["a.b"] * 101}):
        assert (await policy(alice, **wish)).status_code == 422


async def test_only_addresses_of_named_domains_are_taken(
    auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, domains=["example.org"])

    inside = await register(auth, "Bob")
    outside = await register(auth, "Charlie", email="charlie@example.com")

    assert inside.status_code == 201
    assert (outside.status_code, outside.json()["code"]) == (403, "domain_not_allowed")


async def test_an_address_that_is_not_taken_is_named_beside_what_else_is_wrong(
    auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, domains=["example.org"])

    outside = await register(auth, "Admin", email="charlie@example.com", password="short")
    known = await register(auth, "Charlie", email=alice.email, password="short")

    assert (outside.status_code, list(outside.json()["fields"])) == (
        422,
        ["email", "name", "password"],
    )
    assert known.json()["fields"] == {
        "email": "There is an account with this e-mail address.",
        "password": "must have 8 to 128 characters",
    }


async def test_a_link_lets_people_in_as_members_and_as_often_as_it_says(
    auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, registration="invite")
    token = token_of(await invite(alice, max_uses=2))

    answers = [await register(auth, name, invite=token) for name in ("Bob", "Charlie", "Dora")]

    assert [answer.status_code for answer in answers] == [201, 201, 403]
    assert answers[0].json()["user"]["system_role"] == "member"
    assert answers[2].json()["code"] == "invalid_invite"
    (listed,) = (await alice.get("/v1/admin/invites")).json()["items"]
    assert (listed["uses"], listed["state"]) == (2, "used_up")


async def test_of_many_who_want_the_last_use_one_gets_it(
    auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, registration="invite")
    token = token_of(await invite(alice))

    answers = await asyncio.gather(
        *(
            register(auth, f"Racer {n}", email=f"r{n}@example.org", invite=token)
            for n in range(RACERS)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [403] * (RACERS - 1)
    assert {answer.json().get("code") for answer in answers} == {None, "invalid_invite"}
    assert await auth.database.fetchval("SELECT count(*) FROM account") == 2


async def test_a_use_is_not_lost_on_an_account_that_was_not_made(
    auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, registration="invite")
    token = token_of(await invite(alice))

    taken = await register(auth, "Bob", email=alice.email, invite=token)
    weak = await register(auth, "Bob", password="password1", invite=token)
    good = await register(auth, "Bob", invite=token)

    assert [taken.status_code, weak.status_code, good.status_code] == [409, 422, 201]


async def test_a_link_that_was_revoked_or_is_old_lets_nobody_in(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, registration="invite")
    revoked = await invite(alice)
    await town.clock.advance(1)
    old = await invite(alice, expires_in_s=60)

    assert (await alice.client.delete(f"/v1/admin/invites/{revoked['id']}")).status_code == 204
    assert (await alice.client.delete(f"/v1/admin/invites/{revoked['id']}")).status_code == 404
    await town.clock.advance(60)

    for made in (revoked, old):
        answer = await register(auth, "Bob", invite=token_of(made))
        assert (answer.status_code, answer.json()["code"]) == (403, "invalid_invite")
    states = [one["state"] for one in (await alice.get("/v1/admin/invites")).json()["items"]]
    assert states == ["expired", "revoked"]


async def test_an_old_link_does_not_stand_in_the_way_on_an_open_server(auth: Instance) -> None:
    assert (await register(auth, "Bob", invite="x" * 43)).status_code == 201


async def test_a_guess_lets_nobody_in(auth: Instance, alice: SignedInPerson) -> None:
    await policy(alice, registration="invite")

    for guess in ("", "x" * 43, "\0", "' OR 1=1 --"):
        assert (await register(auth, "Bob", invite=guess)).status_code in {403, 422}
    assert await auth.database.fetchval("SELECT count(*) FROM account") == 1


async def test_an_owners_link_that_was_guessed_lets_nobody_in(
    auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, registration="closed")

    for guess in ("", "x" * 43):
        answer = await register(auth, "Bob", owner_token=guess)
        assert answer.json()["code"] == "invalid_owner_token"
    assert await auth.database.fetchval("SELECT count(*) FROM account") == 1


async def test_neither_the_list_nor_the_database_holds_a_link(
    auth: Instance, alice: SignedInPerson
) -> None:
    token = token_of(await invite(alice))

    listed = (await alice.get("/v1/admin/invites")).text
    stored = await auth.database.fetchval("SELECT server_invite::text FROM server_invite")

    assert token not in listed
    assert token not in stored


async def test_the_link_of_an_owner_does_not_become_an_invitation(
    auth: Instance, alice: SignedInPerson
) -> None:
    await policy(alice, registration="invite")
    owners_token = auth.links[-1].partition("#token=")[2]
    token = token_of(await invite(alice))

    as_invite = await register(auth, "Bob", invite=owners_token)
    as_owner = await register(auth, "Bob", owner_token=token)

    assert as_invite.json()["code"] == "invalid_invite"
    assert as_owner.json()["code"] == "invalid_owner_token"


async def test_invitations_are_sent_where_there_is_a_mail_server(mail: Mailing) -> None:
    alice = await owner(mail.auth)

    made = await invite(alice, email="bob@example.org")

    assert made["is_sent"] is True
    letter = await mail.server.letter("bob@example.org", INVITED)
    text = letter.get_body(("plain",))
    assert text is not None
    assert made["link"] in text.get_content()
    end = shown_time(datetime.fromisoformat(made["expires_at"]).timestamp())
    assert f"good until {end}." in " ".join(text.get_content().split())


async def test_what_is_done_here_is_noted(auth: Instance, alice: SignedInPerson) -> None:
    made = await invite(alice, max_uses=3)
    await register(auth, "Bob", invite=token_of(made))
    await alice.client.delete(f"/v1/admin/invites/{made['id']}")
    await policy(alice, registration="closed")

    noted = [(entry["kind"], entry["details"]) for entry in await entries(alice)]

    assert noted[0] == ("policy.changed", {"registration": "closed", "domains": 0})
    assert noted[1] == ("invite.revoked", {"invite_id": made["id"]})
    assert ("invite.used", {"invite_id": made["id"]}) in noted
    assert ("invite.made", {"invite_id": made["id"], "max_uses": 3}) in noted


async def test_a_name_that_deceives_is_refused(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    for name in ("Alice", "АLICЕ", "A1ice", "admin", "\u0430dmin", "Hubbub Team", "Ad\u200dmin"):
        made = await register(auth, name, email="new@example.org")
        renamed = await bob.client.patch("/v1/me", json={"name": name})

        for answer in (made, renamed):
            assert (answer.status_code, list(answer.json()["fields"])) == (422, ["name"])


async def test_an_admin_may_be_called_one_and_keeps_their_own_name(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await change(alice, bob, system_role="admin")

    for name in ("Admin", "ADMIN", "Bob"):
        assert (await bob.client.patch("/v1/me", json={"name": name})).status_code == 200
