"""The beginning of an erasure, in one transaction: after it there is nobody left to ask."""

import hashlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.privacy import ERASED_BOT_NAME, ERASED_NAME
from libs.common.postgres import Connection, Database
from services.auth.model.acts import Act, Kind
from services.auth.model.erasures import Erasure
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.sessions import Ending
from services.auth.store.accounts import disable
from services.auth.store.audit import note
from services.auth.store.erasing import Reached, forget, forget_reached, make_nameless
from services.auth.store.erasures import COLUMNS, check_owner_kept, erasure_of
from services.auth.store.facts import Facts
from services.auth.store.mail import post

AUTH: Final = "auth"

ADDRESS: Final = "SELECT email, email_key FROM account WHERE id = $1"

HOLD_DUE: Final = f"""
    SELECT {COLUMNS} FROM erasure WHERE id = $1 AND state = 'waiting' FOR UPDATE
"""

BEGIN: Final = "UPDATE erasure SET state = 'working' WHERE id = $1"

BOTS: Final = "SELECT account_id FROM bot WHERE owner_id = $1"

INSERT_STEPS: Final = """
    INSERT INTO erasure_step (erasure_id, person_id, service, begun_at, due_at)
    SELECT $1, person_id, service, to_timestamp($4::float8), to_timestamp($5::float8)
    FROM unnest($2::uuid[]) AS person_id CROSS JOIN unnest($3::text[]) AS service
"""

COUNTED: Final = """
    UPDATE erasure_step SET counts = $4 WHERE erasure_id = $1 AND person_id = $2 AND service = $3
"""


class Beginning:
    """Begins erasures. `services` are all that keep something; `writes_letters`: somebody who has
    an address is told, which is the last that is done with it.
    """

    def __init__(
        self, database: Database, facts: Facts, *, services: Sequence[str], writes_letters: bool
    ) -> None:
        self._database = database
        self._facts = facts
        self._services = services
        self._writes_letters = writes_letters

    async def begin(
        self, erasure_id: UUID, *, ending: Ending, now: float, due_at: float, shown_now: str
    ) -> list[SessionId]:
        """Make somebody nameless and forget them here; the other services are due from `due_at`.

        `shown_now` is the time as people read it.

        Returns the sessions that were ended; nothing happens if it has begun.  Raises: LastOwner.
        """
        async with self._facts.telling() as connection:
            erasure = await _hold_due(connection, erasure_id)
            if erasure is None:
                return []
            account_id = erasure.account_id
            bots = await _bots_of(connection, account_id)
            email = await self._forget_address(connection, account_id)
            for person_id in sorted([account_id, *bots]):
                name = ERASED_NAME if person_id == account_id else ERASED_BOT_NAME
                await make_nameless(connection, self._facts, person_id, name=name, now=now)
            ended = await disable(connection, self._facts, account_id, ending=ending, now=now)
            await note(connection, _begun(account_id, bots=len(bots)), now=now)
            people = [account_id, *bots]
            await _write_steps(
                connection, erasure, people, services=self._services, now=now, due_at=due_at
            )
            for person_id in people:
                counts = msgspec.json.encode(await forget(connection, person_id))
                await connection.execute(COUNTED, erasure_id, person_id, AUTH, counts)
            if email and self._writes_letters:
                letter = Letter(LetterKind.ACCOUNT_ERASED, email, {"at": shown_now})
                await post(connection, letter, account_id=account_id, now=now)
        return ended

    async def _forget_address(self, connection: Connection, account_id: PersonId) -> str:
        """Delete what is kept under somebody's address, and return it."""
        (row,) = await connection.fetch(ADDRESS, account_id)
        email, key = row["email"] or "", row["email_key"] or ""
        # As log-ins count those who try.
        reached = Reached(email, key, hashlib.sha256(key.encode()).digest())
        await forget_reached(connection, account_id, reached)
        return email


async def _hold_due(connection: Connection, erasure_id: UUID) -> Erasure | None:
    """Hold an erasure that waits, and its account; None if it began or was taken back.

    Raises: LastOwner, who became that meanwhile.
    """
    row = await connection.fetchrow(HOLD_DUE, erasure_id)
    if row is None:
        return None
    await check_owner_kept(connection, PersonId(row["account_id"]))
    return erasure_of(row)


async def _write_steps(
    connection: Connection,
    erasure: Erasure,
    people: Sequence[PersonId],
    *,
    services: Sequence[str],
    now: float,
    due_at: float,
) -> None:
    """Write down what is to be done for it from then on."""
    await connection.execute(BEGIN, erasure.id)
    await connection.execute(INSERT_STEPS, erasure.id, people, services, now, due_at)


async def _bots_of(connection: Connection, account_id: PersonId) -> list[PersonId]:
    """Return somebody's bots, retired ones too."""
    return [PersonId(row["account_id"]) for row in await connection.fetch(BOTS, account_id)]


def _begun(account_id: PersonId, *, bots: int) -> Act:
    return Act(
        kind=Kind.ERASURE_BEGUN,
        actor_id=None,
        subject_id=account_id,
        outcome="done",
        address=None,
        session_id=None,
        details={"bots": bots},
    )
