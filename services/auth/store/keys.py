"""The signing keys in Postgres: one row, sealed with a secret that the database does not know.

Sealed means encrypted and authenticated (AES-256-GCM, as a compact JWE): who can only read or
write the database can neither sign tokens nor slip in a key of their own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from libs.common.postgres import Connection, Database
from libs.common.starting import CannotStart
from services.auth.store.facts import Facts

# Any number that nothing else in this schema locks: also the first key is made only once.
LOCK: Final = "SELECT pg_advisory_xact_lock(4856231, 1)"

READ: Final = "SELECT sealed FROM signing_keys"

WRITE: Final = """
    INSERT INTO signing_keys (sealed, changed_at) VALUES ($1, to_timestamp($2::float8))
    ON CONFLICT (is_only) DO UPDATE
    SET sealed = excluded.sealed, changed_at = excluded.changed_at
"""

HEADER: Final = {"alg": "dir", "enc": "A256GCM"}


class KeysUnreadable(CannotStart):
    """The stored keys were sealed with another secret. The service must not start: with new keys
    instead everybody would be logged out without anybody knowing why.
    """

    def __init__(self) -> None:
        super().__init__(
            "The signing keys in the database cannot be opened with this secret: "
            "start with the secret they were sealed with. If it is lost, delete the row of "
            "auth.signing_keys: new keys are made, and everybody logs in again."
        )


class HeldKeys:
    """The keys, which nobody else changes before the transaction ends; None: there are none yet."""

    def __init__(
        self, connection: Connection, facts: Facts, *, sealing: OctKey, stored: bytes | None
    ) -> None:
        self._connection = connection
        self._facts = facts
        self._sealing = sealing
        self.stored = stored
        self.is_replaced = False

    async def replace(self, keys: bytes, *, kid: str, now: float) -> None:
        """Store the keys sealed, and tell everybody of the new one, which is named `kid`."""
        self.is_replaced = True
        sealed = jwe.encrypt_compact(HEADER, keys, self._sealing)
        await self._connection.execute(WRITE, sealed, now)
        await self._facts.keys_rotated(self._connection, kid)


class KeyStore:
    """Reads and writes the keys; `sealing_key` has 256 bits."""

    def __init__(self, database: Database, facts: Facts, *, sealing_key: bytes) -> None:
        self._database = database
        self._facts = facts
        self._sealing = OctKey.import_key(sealing_key)

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[HeldKeys]:
        """Hold the keys in a transaction that ends with the block.  Raises: KeysUnreadable."""
        async with self._database.transaction() as connection:
            await connection.execute(LOCK)
            sealed = await connection.fetchval(READ)
            stored = None if sealed is None else self._open(sealed)
            held = HeldKeys(connection, self._facts, sealing=self._sealing, stored=stored)
            yield held
        if held.is_replaced:
            self._facts.wake()

    def _open(self, sealed: str) -> bytes:
        try:
            return jwe.decrypt_compact(sealed, self._sealing).plaintext or b""
        except JoseError:
            raise KeysUnreadable from None
