"""The audit log: what stands in it, who reads it, and that nobody takes it back."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from libs.common.contracts.ids import PersonId
from services.auth.model.acts import Act, Kind
from services.auth.settings.general import DAY_S
from services.auth.store.audit import AuditStore, erase, note
from tests.integration.auth.administering import change, entries, owner
from tests.integration.auth.living import Instance, SignedInPerson, Town

SOON_S = 60


@pytest.fixture
async def alice(auth: Instance) -> SignedInPerson:
    """The owner of the server."""
    return await owner(auth)


def act(kind: Kind = Kind.SESSION_ENDED, person: str | None = None) -> Act:
    person_id = PersonId(UUID(person)) if person else None
    return Act(kind, person_id, person_id, "done", "192.0.2.9", None)


async def write(auth: Instance, *acts: Act, now: float) -> None:
    async with auth.database.transaction() as connection:
        for one in acts:
            await note(connection, one, now=now)


FORBIDDEN = """
    UPDATE audit SET kind = 'x'
    UPDATE audit SET details = '{}'
    DELETE FROM audit
    TRUNCATE audit CASCADE
    DELETE FROM audit_trace
    DROP TABLE audit
    ALTER TABLE audit DISABLE TRIGGER ALL
    DELETE FROM policy
    DROP FUNCTION forget_audit
"""


async def test_the_service_cannot_take_back_what_it_noted(
    auth: Instance, bob: SignedInPerson
) -> None:
    for statement in FORBIDDEN.strip().splitlines():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await auth.database.execute(statement)

    assert await auth.database.fetchval("SELECT count(*) FROM audit") > 0


async def test_what_is_young_cannot_be_forgotten(auth: Instance, bob: SignedInPerson) -> None:
    young = "INSERT INTO audit (at, kind, outcome, details) VALUES (now(), 'x', 'done', '{}')"
    await auth.database.execute(young)

    assert await auth.database.fetchval("SELECT forget_audit('infinity', 1000000)") >= 0
    assert await auth.database.fetchval("SELECT count(*) FROM audit WHERE kind = 'x'") == 1


async def test_what_is_older_than_the_setting_is_forgotten(town: Town, auth: Instance) -> None:
    now = town.clock.now()
    await write(auth, act(), act(), now=now - 400 * DAY_S)
    await write(auth, act(Kind.ROLE_CHANGED), now=now)

    assert await AuditStore(auth.database).forget(before=now - 365 * DAY_S) == 2
    left = await auth.database.fetch("SELECT kind FROM audit JOIN audit_trace ON entry_id = id")
    assert [row["kind"] for row in left] == ["role.changed"]


async def test_every_security_event_is_noted_with_who_and_from_where(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await auth.log_in(bob.email, address="198.51.100.4")
    await auth.log_in(bob.email, "wrong password", address="198.51.100.5")
    await auth.log_in("nobody@example.org", address="198.51.100.6")
    await bob.client.patch("/v1/me", json={"name": "Robert"})
    await auth.refresh(bob.refresh_token)
    await town.clock.advance(SOON_S)
    await auth.refresh(bob.refresh_token)
    await change(alice, bob, system_role="admin")
    await change(alice, bob, system_role="member")
    await alice.post(f"/v1/admin/users/{bob.id}/logout")
    await change(alice, bob, disabled=True)
    await change(alice, bob, disabled=False)

    noted = {
        (
            entry["kind"],
            entry["actor"] and entry["actor"]["name"],
            entry["subject"] and entry["subject"]["name"],
            entry["outcome"],
        )
        for entry in await entries(alice, limit=100)
    }

    assert noted >= {
        ("account.registered", "Bob", "Bob", "done"),
        ("session.opened", "Bob", "Bob", "done"),
        ("login.failed", None, "Bob", "refused"),
        ("login.failed", None, None, "refused"),
        ("account.renamed", "Robert", "Robert", "done"),
        ("role.changed", "Alice", "Robert", "done"),
        ("token.reused", None, "Robert", "done"),
        ("session.ended", None, "Robert", "done"),
        ("sessions.ended", "Alice", "Robert", "done"),
        ("account.disabled", "Alice", "Robert", "done"),
        ("account.enabled", "Alice", "Robert", "done"),
    }
    failures = await entries(alice, kind="login.failed")
    assert [entry["address"] for entry in failures] == ["198.51.100.6", "198.51.100.5"]


async def test_a_flood_is_noted_once_a_minute(town: Town) -> None:
    async with town.instance(failures_burst=1, failures_per_minute=1) as auth:
        alice = await owner(auth)
        for _ in range(10):
            await auth.log_in("nobody@example.org", address="198.51.100.7")

        (limited,) = await entries(alice, kind="rate.limited")

    assert (limited["address"], limited["details"]) == ("198.51.100.7", {"route": "login"})


async def test_an_entry_holds_ids_and_no_names(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await change(alice, bob, system_role="admin")

    rows = await auth.database.fetch("SELECT audit::text AS row FROM audit")

    everything = " ".join(row["row"] for row in rows)
    assert bob.id in everything
    for word in ("Bob", "Alice", "example.org", "192.0.2"):
        assert word not in everything


async def test_names_and_addresses_of_somebody_can_be_erased(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await change(alice, bob, system_role="admin")
    await auth.log_in(bob.email, "wrong password", address="198.51.100.5")

    async with auth.database.transaction() as connection:
        await erase(connection, PersonId(UUID(bob.id)))

    left = await auth.database.fetch("SELECT audit_trace::text AS row FROM audit_trace")
    assert not any("Bob" in row["row"] or "198.51" in row["row"] for row in left)
    (changed,) = await entries(alice, kind="role.changed")
    assert changed["actor"]["name"] == "Alice"
    assert (changed["subject"]["id"], changed["subject"]["name"]) == (bob.id, None)
    assert changed["address"] == "192.0.2.7"


async def test_entries_are_found_by_kind_person_and_time(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await town.clock.advance(500)
    await change(alice, bob, system_role="admin")
    between = datetime.fromtimestamp(town.clock.now() - 1, UTC).isoformat()

    about_bob = await entries(alice, person_id=bob.id)
    recent = await entries(alice, since=between)
    older = await entries(alice, until=between)

    assert {entry["kind"] for entry in about_bob} >= {"account.registered", "role.changed"}
    assert all(bob.id in json.dumps(entry) for entry in about_bob)
    assert [entry["kind"] for entry in recent] == ["role.changed"]
    assert "account.registered" in {entry["kind"] for entry in older}
    assert "role.changed" not in {entry["kind"] for entry in older}


async def test_a_filter_that_makes_no_sense_is_refused(alice: SignedInPerson) -> None:
    for name, value in (("kind", "unheard.of"), ("since", "yesterday"), ("until", "2023-11-14")):
        answer = await alice.get("/v1/admin/audit", **{name: value})

        assert (answer.status_code, list(answer.json()["fields"])) == (422, [name])


async def all_pages(alice: SignedInPerson) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await alice.get("/v1/admin/audit", limit=7, **cursor)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def test_pages_and_export_hold_every_entry_once_the_newest_first(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    await write(auth, *(act() for _ in range(600)), now=town.clock.now())

    exported = await alice.get("/v1/admin/audit/export")
    paged = await all_pages(alice)

    assert exported.headers["content-type"].startswith("application/x-ndjson")
    assert exported.headers["cache-control"] == "no-store"
    lines = [json.loads(line) for line in exported.text.splitlines()]
    assert lines == paged
    assert [entry["id"] for entry in paged] == sorted({e["id"] for e in paged}, reverse=True)
    assert paged[0]["kind"] == "audit.exported"
    assert len(paged) > 600


async def test_the_sweep_lets_go_what_is_older_than_the_setting(town: Town) -> None:
    async with town.instance(audit_days=30, sweep_every_s=60, workers={"retention"}) as auth:
        await write(auth, act(), now=town.clock.now() - 31 * DAY_S)
        await write(auth, act(Kind.ROLE_CHANGED), now=town.clock.now())
        kinds: list[str] = ["session.ended"]

        while "session.ended" in kinds:
            await town.clock.advance(60)
            kinds = [row["kind"] for row in await auth.database.fetch("SELECT kind FROM audit")]

    assert kinds == ["role.changed"]
