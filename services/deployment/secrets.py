"""The secrets of an installation in containers: made once, one folder for each container.

    passwords/            one file each; what stands in the other folders follows from these
    postgres/             hubbub_owner, hubbub_<service>: passwords of the roles; superuser
    rabbitmq/             definitions.json
    migrate/              database_url
    queues/               bus_url
    <service>/            bus_url, database_url, keys/ ; auth and rooms have secret too

A container sees its own folder and no other. Whoever may read the whole folder can be anybody, so
it belongs to its maker alone; what is in it can be read by the containers' own users. A password
that is deleted is made anew by the next run.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from libs.common.chance import Chance
from services.builders.catalog import KEEPING, SERVICES
from services.builders.databases import DATABASE, role_of
from services.builders.rights import OWNER as BROKER_OWNER
from services.builders.rights import PREFIX, USERS, VHOST, user_of
from services.deployment.broker import SALT_BYTES, definitions
from services.nodes.folder import StartFailed
from services.split import keys

PRIVATE: Final = 0o700
READABLE: Final = 0o755

OWNER: Final = "hubbub_owner"
"""The role that owns the schemas; only migrations run as it."""

SUPERUSER: Final = "superuser"

POSTGRES: Final = "postgres:5432"
RABBITMQ: Final = "rabbitmq:5672"
"""Where the containers find the two."""


def make(folder: Path, *, chance: Chance, now: float) -> None:
    """Make what is missing and write anew what follows from it.  Raises: StartFailed."""
    try:
        folder.mkdir(PRIVATE, parents=True, exist_ok=True)
        folder.chmod(PRIVATE)
        _Folder(folder, chance).write(now)
    except OSError as error:
        raise StartFailed(f"Secrets cannot be made in {folder}: {error.strerror}.") from None


class _Folder:
    """One folder of secrets."""

    def __init__(self, path: Path, chance: Chance) -> None:
        self._path = path
        self._chance = chance

    def write(self, now: float) -> None:
        roles = {role: self._kept(f"postgres-{role}") for role in _roles()}
        users = {user: self._kept(f"rabbitmq-{user.removeprefix(PREFIX)}") for user in USERS}
        for role, password in roles.items():
            self._put(f"postgres/{role}", password)
        self._put("migrate/database_url", _database_url(OWNER, roles[OWNER]))
        salts = {user: salt_of(password) for user, password in users.items()}
        self._put("rabbitmq/definitions.json", definitions(users, salts=salts))
        self._put("queues/bus_url", _bus_url(BROKER_OWNER, users[BROKER_OWNER]))
        for service in SERVICES:
            user = user_of(service)
            self._put(f"{service}/bus_url", _bus_url(user, users[user]))
        for service in KEEPING:
            role = role_of(service)
            self._put(f"{service}/database_url", _database_url(role, roles[role]))
        for service in ("auth", "rooms"):
            self._put(f"{service}/secret", self._kept(f"{service}-secret"))
        self._hand_out_keys(now)

    def _hand_out_keys(self, now: float) -> None:
        """Give each service its own secret key, and the public keys of all."""
        made = self._path / "passwords" / "keys"
        keys.make(made, SERVICES, now=now)
        for service in SERVICES:
            names = [f"{service}.key", *(f"{other}.pub" for other in SERVICES)]
            for name in names:
                self._put(f"{service}/keys/{name}", (made / name).read_text())

    def _kept(self, name: str) -> str:
        """Return a secret, made the first time."""
        path = self._path / "passwords" / name
        if not path.exists():
            self._put(f"passwords/{name}", self._chance.token())
        return path.read_text()

    def _put(self, name: str, text: str) -> None:
        """Write a file whole or not at all; its containers' users may read it."""
        path = self._path / name
        path.parent.mkdir(READABLE, parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.new")
        unfinished.write_text(text)
        unfinished.chmod(0o644)
        unfinished.rename(path)


def _roles() -> Iterable[str]:
    return (SUPERUSER, OWNER, *(role_of(service) for service in KEEPING))


def _database_url(role: str, password: str) -> str:
    return f"postgresql://{role}:{password}@{POSTGRES}/{DATABASE}"


def _bus_url(user: str, password: str) -> str:
    return f"amqp://{user}:{password}@{RABBITMQ}/{VHOST}"


def salt_of(password: str) -> bytes:
    """Return the same salt every time, so that the same passwords make the same file."""
    return hashlib.sha256(b"salt of " + password.encode()).digest()[:SALT_BYTES]
