"""Erasures in Postgres: who is to be erased, and what each service has signed for it.

An erasure begins in one transaction: nameless, shut out, everything of theirs in this schema gone,
and a step written down for each service. From then on nothing is decided any more; steps are
repeated until each has its receipt.
"""

from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from libs.common.contracts.facts import USER_ERASED
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import Conflict, Forbidden, NotFound
from libs.common.postgres import Connection, Database
from services.auth.model.acts import Act, Kind
from services.auth.model.erasures import Erasure, ErasureState, Step
from services.auth.model.sessions import Ending
from services.auth.store.audit import note
from services.auth.store.facts import Facts
from services.auth.store.rows import ACCOUNT, account_of
from services.auth.store.sessions import end_all

COLUMNS: Final = """
    id, account_id, state,
    extract(epoch FROM asked_at)::float8 AS asked_at,
    extract(epoch FROM due_at)::float8 AS due_at,
    extract(epoch FROM finished_at)::float8 AS finished_at
"""

STEP_COLUMNS: Final = """
    erasure_id, person_id, service, tries, receipt, verified_by,
    extract(epoch FROM begun_at)::float8 AS begun_at
"""

# Two owners who go at the same time go one after the other. With the bots that go along, and in the
# order in which everybody else holds several accounts.
HOLD: Final = """
    SELECT id, system_role = 'owner' AND disabled_at IS NULL AS is_owner FROM account
    WHERE id = $1 OR system_role = 'owner'
       OR id = ANY(ARRAY(SELECT account_id FROM bot WHERE owner_id = $1))
    ORDER BY id FOR UPDATE
"""

INSERT: Final = f"""
    INSERT INTO erasure (id, account_id, state, asked_at, due_at)
    VALUES ($1, $2, 'waiting', to_timestamp($3::float8), to_timestamp($4::float8))
    ON CONFLICT (account_id) DO NOTHING
    RETURNING {COLUMNS}
"""

FIND: Final = f"SELECT {COLUMNS} FROM erasure WHERE id = $1"

OF_ACCOUNT: Final = f"SELECT {COLUMNS} FROM erasure WHERE account_id = $1"

OF_ADDRESS: Final = "SELECT id FROM account WHERE email_key = $1"

TAKE_BACK: Final = """
    DELETE FROM erasure WHERE account_id = $1 AND state = 'waiting' RETURNING id
"""

DROP: Final = "DELETE FROM erasure WHERE id = $1 AND state = 'waiting'"

COUNTS: Final = """
    SELECT counts FROM erasure_step WHERE erasure_id = $1 AND person_id = $2 AND service = $3
"""

DUE: Final = """
    SELECT id FROM erasure
    WHERE state = 'waiting' AND due_at <= to_timestamp($1::float8)
    ORDER BY due_at LIMIT 1
"""

STEPS: Final = f"""
    SELECT {STEP_COLUMNS} FROM erasure_step WHERE erasure_id = $1 ORDER BY person_id, service
"""

LEASE: Final = f"""
    UPDATE erasure_step
    SET tries = tries + 1, due_at = to_timestamp($1::float8 + $2::float8)
    WHERE (erasure_id, person_id, service) = (
        SELECT erasure_id, person_id, service FROM erasure_step
        WHERE finished_at IS NULL AND due_at <= to_timestamp($1::float8)
        ORDER BY due_at LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING {STEP_COLUMNS}
"""

POSTPONE: Final = """
    UPDATE erasure_step SET due_at = to_timestamp($4::float8), tries = $5
    WHERE erasure_id = $1 AND person_id = $2 AND service = $3 AND finished_at IS NULL
"""

# Of two who bring the last receipts at once, one has to see that of the other.
HOLD_ERASURE: Final = "SELECT FROM erasure WHERE id = $1 FOR NO KEY UPDATE"

SIGNED: Final = """
    UPDATE erasure_step
    SET receipt = $4, verified_by = $5, finished_at = to_timestamp($6::float8)
    WHERE erasure_id = $1 AND person_id = $2 AND service = $3 AND finished_at IS NULL
"""

FINISH: Final = """
    UPDATE erasure SET state = 'done', finished_at = to_timestamp($2::float8)
    WHERE id = $1 AND state = 'working'
        AND NOT EXISTS (SELECT FROM erasure_step WHERE erasure_id = $1 AND finished_at IS NULL)
    RETURNING account_id
"""

ACCOUNT_NOW: Final = f"SELECT {ACCOUNT} FROM account WHERE id = $1"


class LastOwner(Conflict):
    code = "last_owner"
    message = "This server keeps at least one owner. Make somebody else an owner first."


class ErasureNotFound(NotFound):
    message = "There is no such erasure."


class ErasureStore:
    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def ask(
        self,
        erasure_id: UUID,
        account_id: PersonId,
        *,
        by: PersonId | None,
        act: Act,
        ending: Ending,
        now: float,
        due_at: float,
    ) -> tuple[Erasure, list[SessionId]]:
        """Have somebody erased and end their sessions; return these too.

        `by` is who wants it, None for whoever runs the server. Only an owner erases others, and no
        equal. Who is to be erased already stays so, as it was asked for first.

        Raises: LastOwner, Forbidden.
        """
        async with self._facts.telling() as connection:
            owners = await check_owner_kept(connection, account_id)
            if by not in {None, account_id} and (by not in owners or account_id in owners):
                raise Forbidden
            row = await connection.fetchrow(INSERT, erasure_id, account_id, now, due_at)
            if row is None:
                (row,) = await connection.fetch(OF_ACCOUNT, account_id)
                return erasure_of(row), []
            await note(connection, act, now=now)
            ended = await end_all(connection, self._facts, account_id=account_id, ending=ending)
        return erasure_of(row), ended

    async def find(self, erasure_id: UUID) -> tuple[Erasure, list[Step]]:
        """Return an erasure and what was done for it.  Raises: ErasureNotFound."""
        row = await self._database.fetchrow(FIND, erasure_id)
        if row is None:
            raise ErasureNotFound
        steps = await self._database.fetch(STEPS, erasure_id)
        return erasure_of(row), [_step(step) for step in steps]

    async def of_account(self, account_id: PersonId) -> Erasure | None:
        """Return the erasure of somebody, None if none was asked for."""
        row = await self._database.fetchrow(OF_ACCOUNT, account_id)
        return None if row is None else erasure_of(row)

    async def account_of(self, email_key: str) -> PersonId | None:
        """Return whose address this is."""
        found: PersonId | None = await self._database.fetchval(OF_ADDRESS, email_key)
        return found

    async def take_back(self, account_id: PersonId, act: Act, *, now: float) -> None:
        """Let somebody stay who was to be erased.  Raises: ErasureNotFound, also when it began."""
        async with self._database.transaction() as connection:
            if not await connection.fetchval(TAKE_BACK, account_id):
                raise ErasureNotFound
            await note(connection, act, now=now)

    async def drop(self, erasure_id: UUID) -> None:
        """Let somebody stay who may not go."""
        await self._database.execute(DROP, erasure_id)

    async def due(self, *, now: float) -> UUID | None:
        """Return an erasure that is to begin."""
        found: UUID | None = await self._database.fetchval(DUE, now)
        return found

    async def lease(self, *, now: float, lease_s: float) -> Step | None:
        """Take a step that nobody else takes for `lease_s`; None: there is nothing to do."""
        row = await self._database.fetchrow(LEASE, now, lease_s)
        return None if row is None else _step(row)

    async def postpone(self, step: Step, *, due_at: float, tries: int) -> None:
        """Let a step be taken again then; `tries` is how often it has failed in a row."""
        await self._database.execute(POSTPONE, *_key(step), due_at, tries)

    async def signed(self, step: Step, receipt: str, key: dict[str, str], *, now: float) -> None:
        """Keep what a service has signed; once all have, the erasure is done, and told of."""
        async with self._facts.telling() as connection:
            await connection.execute(HOLD_ERASURE, step.erasure_id)
            await connection.execute(SIGNED, *_key(step), receipt, msgspec.json.encode(key), now)
            account_id = await connection.fetchval(FINISH, step.erasure_id, now)
            if account_id is None:
                return
            await note(connection, _done(step.erasure_id, PersonId(account_id)), now=now)
            (row,) = await connection.fetch(ACCOUNT_NOW, account_id)
            await self._facts.user(connection, USER_ERASED, account=account_of(row))


async def counts_of(connection: Connection, step: Step) -> dict[str, int]:
    """Return what was noted of a step when the erasure began."""
    stored = await connection.fetchval(COUNTS, *_key(step))
    return msgspec.json.decode(stored, type=dict[str, int])


async def check_owner_kept(connection: Connection, account_id: PersonId) -> set[PersonId]:
    """Hold an account with its bots, and all owners; return those who are not disabled.

    Raises: LastOwner, if the account is the only one; ErasureNotFound, if there is none.
    """
    held = {row["id"]: row["is_owner"] for row in await connection.fetch(HOLD, account_id)}
    if account_id not in held:
        raise ErasureNotFound
    owners = {PersonId(owner) for owner, is_owner in held.items() if is_owner}
    if owners == {account_id}:
        raise LastOwner
    return owners


def _done(erasure_id: UUID, account_id: PersonId) -> Act:
    return Act(
        kind=Kind.ERASURE_FINISHED,
        actor_id=None,
        subject_id=account_id,
        outcome="done",
        address=None,
        session_id=None,
        details={"erasure_id": str(erasure_id)},
    )


def _key(step: Step) -> tuple[UUID, PersonId, str]:
    return step.erasure_id, step.person_id, step.service


def erasure_of(row: asyncpg.Record) -> Erasure:
    return Erasure(
        **{
            **row,
            "account_id": PersonId(row["account_id"]),
            "state": ErasureState(row["state"]),
        }
    )


def _step(row: asyncpg.Record) -> Step:
    key = row["verified_by"]
    return Step(
        erasure_id=row["erasure_id"],
        person_id=PersonId(row["person_id"]),
        service=row["service"],
        begun_at=row["begun_at"],
        tries=row["tries"],
        receipt=row["receipt"],
        key=None if key is None else msgspec.json.decode(key, type=dict[str, str]),
    )
