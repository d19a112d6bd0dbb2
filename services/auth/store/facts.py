"""What auth tells everybody, put into the outbox in the transaction that makes it true.

Facts of one account keep their order; so do those about keys.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from libs.common.contracts.facts import (
    KEYS_ROTATED,
    SESSION_REVOKED,
    KeysRotated,
    SessionRevoked,
    UserChanged,
    encode_fact,
)
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.outbox import OutboxRow, put
from libs.common.postgres import Connection, Database
from services.auth.model.accounts import Account
from services.auth.model.sessions import Ending
from services.auth.store.words import keep_words

KEYS: Final = "keys"


class Facts:
    """Writes facts; `wake` lets the relay look for them, and is called after a commit."""

    def __init__(self, database: Database, *, wake: Callable[[], None]) -> None:
        self._database = database
        self.wake = wake

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[Connection]:
        """Lend a connection in a transaction; once it has committed, its facts leave."""
        async with self._database.transaction() as connection:
            yield connection
        self.wake()

    async def user(self, connection: Connection, kind: str, *, account: Account) -> None:
        """Tell what everybody may know of a user now; `kind` is the fact's routing key.

        What others keep of a user they keep by facts, and so does the search: every change of a
        name comes by here.
        """
        await keep_words(connection, account.id, account.name)
        fact = UserChanged(
            person_id=account.id,
            kind=account.kind,
            name=account.name,
            system_role=account.system_role,
            is_disabled=account.is_disabled,
            version=account.version,
            avatar=account.avatar,
        )
        await put(connection, OutboxRow(str(account.id), kind, encode_fact(fact)))

    async def ended(
        self,
        connection: Connection,
        session_ids: Sequence[SessionId],
        *,
        account_id: PersonId,
        ending: Ending,
    ) -> None:
        """Tell that sessions of an account have ended.

        Call it when the transaction holds all rows that it will hold: whoever holds an account's
        place in the outbox may not wait for a session that another holds who wants that place.
        """
        for session_id in session_ids:
            fact = SessionRevoked(session_id, account_id, ending.until, str(ending.reason))
            row = OutboxRow(str(account_id), SESSION_REVOKED, encode_fact(fact))
            await put(connection, row)

    async def keys_rotated(self, connection: Connection, kid: str) -> None:
        """Tell that the set of public keys has changed."""
        await put(connection, OutboxRow(KEYS, KEYS_ROTATED, encode_fact(KeysRotated(kid))))
