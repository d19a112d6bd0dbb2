"""Roles, disabling and the list of accounts, tried by whoever may and whoever may not."""

import asyncio
from uuid import UUID, uuid4

import pytest

from libs.common.contracts.facts import (
    SESSION_REVOKED,
    USER_DISABLED,
    USER_UPDATED,
    SessionRevoked,
    UserChanged,
)
from libs.common.contracts.people import SystemRole
from tests.integration.auth.administering import change, hire, owner
from tests.integration.auth.living import Instance, SignedInPerson, Town


@pytest.fixture
async def alice(auth: Instance) -> SignedInPerson:
    """The owner of the server."""
    return await owner(auth)


async def test_an_owner_gives_a_role_and_everybody_hears_of_it(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    answer = await change(alice, bob, system_role="admin")

    assert (answer.status_code, answer.json()["system_role"]) == (200, "admin")
    (fact,) = await town.heard(USER_UPDATED)
    assert isinstance(fact, UserChanged)
    assert (str(fact.person_id), fact.system_role) == (bob.id, SystemRole.ADMIN)
    assert (await bob.get("/v1/admin/users")).status_code == 200


async def test_who_loses_a_role_logs_in_again(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await change(alice, bob, system_role="admin")
    assert (await bob.get("/v1/me")).status_code == 200

    await change(alice, bob, system_role="member")

    (ended,) = await town.heard(SESSION_REVOKED)
    assert isinstance(ended, SessionRevoked)
    assert (str(ended.person_id), ended.reason) == (bob.id, "role_lost")
    assert (await bob.get("/v1/me")).json()["code"] == "session_revoked"
    assert (await auth.log_in(bob.email)).json()["user"]["system_role"] == "member"


async def test_an_admin_gives_no_role(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    dora = await hire(auth, alice, "Dora")

    for whom in (bob, alice):
        for role in {"owner", "admin", "member"} - {"member" if whom is bob else "owner"}:
            assert (await change(dora, whom, system_role=role)).status_code == 403
    told = (await alice.get("/v1/admin/users")).json()["items"]
    roles = {one["name"]: one["system_role"] for one in told}
    assert roles == {"Alice": "owner", "Bob": "member", "Dora": "admin"}


async def test_nobody_promotes_themselves(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    dora = await hire(auth, alice, "Dora")

    assert (await change(bob, bob, system_role="owner")).status_code == 403
    assert (await change(dora, dora, system_role="owner")).status_code == 403


async def test_owners_do_not_act_on_each_other(auth: Instance, alice: SignedInPerson) -> None:
    eve = await hire(auth, alice, "Eve", "owner")

    answers = await asyncio.gather(
        change(alice, eve, system_role="member"),
        change(eve, alice, system_role="member"),
        change(alice, eve, disabled=True),
        alice.post(f"/v1/admin/users/{eve.id}/logout"),
    )

    assert [answer.status_code for answer in answers] == [403] * 4


async def test_of_owners_who_all_step_down_at_once_one_stays(
    auth: Instance, alice: SignedInPerson
) -> None:
    owners = [alice, *[await hire(auth, alice, f"Owner{n}", "owner") for n in range(4)]]

    answers = await asyncio.gather(
        *(change(one, one, system_role="member") for one in owners for _ in range(3))
    )

    left = "SELECT count(*) FROM account WHERE system_role = 'owner'"
    assert await auth.database.fetchval(left) == 1
    refused = {answer.json()["code"] for answer in answers if answer.status_code != 200}
    # Who has stepped down is logged out, and no owner any more, when they ask again.
    assert refused - {"forbidden", "session_revoked", "step_up_required"} == {"last_owner"}


async def test_a_disabled_owner_does_not_count_as_one(
    auth: Instance, alice: SignedInPerson
) -> None:
    eve = await hire(auth, alice, "Eve", "owner")
    await auth.database.execute("UPDATE account SET disabled_at = now() WHERE name = 'Eve'")

    answer = await change(alice, alice, system_role="member")

    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert (await eve.get("/v1/admin/users")).status_code == 403


async def test_who_is_disabled_is_out_and_comes_back_when_let(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    assert (await change(alice, bob, disabled=True)).json()["is_disabled"] is True

    assert (await bob.get("/v1/me")).json()["code"] == "session_revoked"
    assert (await auth.refresh(bob.refresh_token)).status_code == 401
    (fact,) = await town.heard(USER_DISABLED)
    (ended,) = await town.heard(SESSION_REVOKED)
    assert isinstance(fact, UserChanged)
    assert isinstance(ended, SessionRevoked)
    assert (str(fact.person_id), str(ended.person_id)) == (bob.id, bob.id)
    assert (await auth.log_in(bob.email)).json()["code"] == "account_disabled"

    assert (await change(alice, bob, disabled=False)).json()["is_disabled"] is False
    assert (await auth.log_in(bob.email)).status_code == 200


async def test_a_role_and_a_lock_are_given_together_or_not_at_all(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    dora = await hire(auth, alice, "Dora")

    refused = await change(dora, bob, disabled=True, system_role="admin")

    assert refused.status_code == 403
    assert (await bob.get("/v1/me")).status_code == 200


async def test_an_admin_disables_and_logs_out_members(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    dora = await hire(auth, alice, "Dora")
    await auth.log_in(bob.email)

    assert (await dora.post(f"/v1/admin/users/{bob.id}/logout")).status_code == 204
    assert (await bob.get("/v1/me")).json()["code"] == "session_revoked"
    assert (await change(dora, bob, disabled=True)).status_code == 200
    assert (await change(dora, alice, disabled=True)).status_code == 403


async def test_an_old_session_is_asked_for_a_proof(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await town.clock.advance(601)

    for wish in ({"system_role": "admin"}, {"disabled": True}):
        answer = await change(alice, bob, **wish)
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert (await bob.get("/v1/me")).status_code == 200


ASKED = [
    ("GET", "/v1/admin/users"),
    ("PATCH", "/v1/admin/users/{id}"),
    ("POST", "/v1/admin/users/{id}/logout"),
    ("GET", "/v1/admin/policy"),
    ("PATCH", "/v1/admin/policy"),
    ("GET", "/v1/admin/invites"),
    ("POST", "/v1/admin/invites"),
    ("DELETE", "/v1/admin/invites/{id}"),
    ("GET", "/v1/admin/audit"),
    ("GET", "/v1/admin/audit/export"),
]


async def test_a_member_and_a_stranger_are_refused_everywhere(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    stranger = await auth.client()

    for method, path in ASKED:
        asked = path.format(id=alice.id)
        body: dict[str, str] | None = (
            {} if method in {"PATCH", "POST"} and not asked.endswith("logout") else None
        )
        by_bob = await bob.client.request(method, asked, json=body)
        by_stranger = await stranger.request(method, asked, json=body)

        assert (by_bob.status_code, by_bob.json()["code"]) == (403, "forbidden"), asked
        assert by_stranger.status_code == 401, asked


async def test_nothing_else_is_written(alice: SignedInPerson, bob: SignedInPerson) -> None:
    for extra in ({"email": "x@example.org"}, {"is_disabled": True}, {"version": 9}, {"id": "1"}):
        answer = await change(alice, bob, system_role="admin", **extra)

        assert (answer.status_code, list(answer.json()["fields"])) == (422, list(extra))


async def test_somebody_who_is_not_there_is_not_found(alice: SignedInPerson) -> None:
    answer = await alice.client.patch(f"/v1/admin/users/{uuid4()}", json={"disabled": True})

    assert answer.status_code == 404


async def test_accounts_are_found_by_name_and_by_address(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await auth.register("Zoe", email="bobby@example.org")

    async def found(**sought: object) -> list[str]:
        answer = await alice.get("/v1/admin/users", **sought)
        return [one["name"] for one in answer.json()["items"]]

    assert await found(q="BOB") == ["Bob", "Zoe"]
    assert await found(q="%") == []
    assert await found(role="owner") == ["Alice"]
    await change(alice, bob, disabled=True)
    assert await found(disabled="true") == ["Bob"]
    assert await found(disabled="false", role="member") == ["Zoe"]


async def test_an_account_is_shown_with_its_address_and_sessions(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await auth.log_in(bob.email)

    (shown,) = (await alice.get("/v1/admin/users", q="bob")).json()["items"]

    assert (shown["email"], shown["sessions"]) == ("bob@example.org", 2)
    assert shown["last_used_at"] >= shown["created_at"]


async def test_a_list_goes_on_where_it_ended(auth: Instance, alice: SignedInPerson) -> None:
    for number in range(5):
        await auth.register("Same name", email=f"p{number}@example.org")
    seen: list[str] = []
    cursor: dict[str, str] = {}

    while True:
        page = (await alice.get("/v1/admin/users", limit=2, **cursor)).json()
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert len(seen) == len(set(seen)) == 6
    assert UUID(seen[0]) == UUID(alice.id)


async def test_a_cursor_that_is_not_ours_is_refused(alice: SignedInPerson) -> None:
    for path in ("users", "invites", "audit"):
        for cursor in ("x", "WyJhIiwxXQ", "W10", "a" * 512):
            answer = await alice.get(f"/v1/admin/{path}", cursor=cursor)

            assert (answer.status_code, list(answer.json()["fields"])) == (422, ["cursor"])
