"""One database for all services: a schema and a role for each.

The services run as roles that may read and write rows of their own schema and nothing else, in one
process as in many, so that a missing right shows on the first machine and not on the last.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from libs.common.cancelling import end_if_cancelled
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.migrate import migrate
from libs.common.migrations import Half
from libs.common.postgres import Database, DatabaseSettings
from services.builders.catalog import schema_of
from services.nodes.folder import StartFailed
from services.nodes.postgres.options import SUPERUSER
from services.nodes.postgres.server import PostgresServer

DATABASE: Final = "hubbub"
HAS_DATABASE: Final = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
MAKE_DATABASE: Final = "CREATE DATABASE hubbub"

CONNECT_TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each service finds its database, and as which role it comes."""

    owner_dsn: str
    role_dsn: Callable[[str], str]


def role_of(service: str) -> str:
    return f"hubbub_{service}"


async def own_addresses(server: PostgresServer) -> Addresses:
    """Return the addresses in our own Postgres; the first time, make the database."""
    connection = await asyncpg.connect(server.dsn(SUPERUSER, SUPERUSER), timeout=CONNECT_TIMEOUT_S)
    try:
        if not await connection.fetchval(HAS_DATABASE, DATABASE):
            await connection.execute(MAKE_DATABASE)
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT_S)
    return Addresses(
        server.dsn(SUPERUSER, DATABASE), lambda service: server.dsn(role_of(service), DATABASE)
    )


def given_addresses(dsn: str) -> Addresses:
    """Return the addresses in an operator's database, where everything runs as one role."""
    return Addresses(dsn, lambda _: dsn)


async def wait_for(settings: DatabaseSettings, *, clock: Clock, chance: Chance) -> None:
    """Return when an operator's database answers.  Raises: StartFailed."""
    database = await _connect(settings, DATABASE, clock=clock, chance=chance, session_name=None)
    await database.close(CONNECT_TIMEOUT_S)


async def connect(
    settings: DatabaseSettings, *, service: str, clock: Clock, chance: Chance
) -> Database:
    """Open a service's pool once an operator's database answers.  Raises: StartFailed."""
    return await _connect(
        settings, service, clock=clock, chance=chance, session_name=sessions_of(service)
    )


def sessions_of(service: str) -> str:
    """Return how a service's sessions are called, which tells migrations what its code knows."""
    return schema_of(service, role_of(service)).sessions


async def _connect(
    settings: DatabaseSettings,
    service: str,
    *,
    clock: Clock,
    chance: Chance,
    session_name: str | None,
) -> Database:
    try:
        return await Database.connect(
            settings, service=service, clock=clock, chance=chance, session_name=session_name
        )
    except ValueError:
        # What asyncpg says of it may hold a piece of the password.
        raise StartFailed(
            "DATABASE_URL is not an address: write postgresql://role:password@host:5432/database."
        ) from None
    except asyncpg.PostgresError as refusal:
        raise StartFailed(f"The database of DATABASE_URL refuses us: {refusal}.") from None
    except Unavailable as outage:
        raise StartFailed(
            f"The database of DATABASE_URL cannot be reached ({outage.__cause__}): "
            "start it, or correct the address."
        ) from None


async def bring_up_to_date(
    owner_dsn: str,
    services: Sequence[str],
    say: Callable[[str], None],
    *,
    half: Half | None,
) -> None:
    """Apply what is missing in the schemas of these services, or one half of it.

    Says a line for each schema that was changed.  Raises: CannotStart.
    """
    for service in services:
        end_if_cancelled()
        schema = schema_of(service, role_of(service))
        try:
            applied = await migrate(owner_dsn, schema, half=half)
        except asyncpg.InsufficientPrivilegeError as refusal:
            raise StartFailed(
                f"The tables of {service} cannot be prepared ({refusal}): "
                "the role of DATABASE_URL must be allowed to make schemas and roles."
            ) from None
        except Unavailable as outage:
            raise StartFailed(
                f"The tables of {service} cannot be prepared ({outage.__cause__}): try again."
            ) from None
        if applied:
            names = ", ".join(migration.name for migration in applied)
            say(f"Prepared the tables of {service}: {names}")
