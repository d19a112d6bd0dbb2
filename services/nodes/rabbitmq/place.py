"""Where one node lives: its files, ports and passwords, and the environment of its programs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Self

from libs.common.chance import Chance
from services.nodes.folder import DataFolder, StartFailed
from services.nodes.guarded import Guarded
from services.nodes.rabbitmq.accounts import Accounts
from services.nodes.rabbitmq.binaries import Binaries
from services.nodes.rabbitmq.files import files_in, log_file
from services.nodes.rabbitmq.options import (
    LADDER,
    Plugin,
    Ports,
    advanced,
    config,
    enabled_plugins,
    environment,
)
from services.nodes.rabbitmq.ports import ports_for

_MEANS_SOMETHING_TO_A_SHELL: Final = frozenset("'\"$`")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a node shall have: vhosts, users, and what runs beside the broker."""

    accounts: Accounts
    plugins: Collection[Plugin] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One node's folder, programs and ports: the same for all its processes."""

    folder: DataFolder
    binaries: Binaries
    ports: Ports
    environment: Mapping[str, str]

    @classmethod
    def prepare(
        cls, folder: DataFolder, binaries: Binaries, *, wanted: Wanted, chance: Chance
    ) -> Self:
        """Write what a node reads when it starts; `chance` makes the secrets the first time.

        Raises: StartFailed, OSError.
        """
        _refuse_quotes(folder)
        files = files_in(folder)
        amqp, mapper, distribution, *others = ports_for(files.folder, 3 + len(wanted.plugins))
        ports = Ports(amqp, mapper, distribution, dict(zip(wanted.plugins, others, strict=True)))

        def secret(name: str) -> str:
            return folder.read_or_create_secret(name, lambda: chance.token().encode()).decode()

        files.write(
            {
                files.cookie: secret("rabbitmq-cookie"),
                files.config: config(ports),
                files.advanced: advanced(files),
                files.definitions: wanted.accounts.definitions(
                    lambda user: secret(_password_of(user))
                ),
                files.plugins: enabled_plugins(ports),
            }
        )
        return cls(folder, binaries, ports, environment(files, ports))

    def password(self, user: str) -> str:
        """Return the password of a user who was wanted.  Raises: OSError, when there is none."""
        return (self.folder.keys / _password_of(user)).read_text()

    async def run(self, *command: str) -> Guarded:
        """Start one of the programs of this node."""
        return await Guarded.run(
            command, log=log_file(self.folder), ladder=LADDER, environment=self.environment
        )


def _password_of(user: str) -> str:
    return f"rabbitmq-user-{user}"


def _refuse_quotes(folder: DataFolder) -> None:
    """Refuse a folder of which RabbitMQ would ask a shell, unquoted, how much space is free.

    Raises: StartFailed.
    """
    if set(str(folder.path)) & _MEANS_SOMETHING_TO_A_SHELL:
        raise StartFailed(
            f"RabbitMQ cannot live in {folder.path}: choose a data folder without any of "
            f"{' '.join(sorted(_MEANS_SOMETHING_TO_A_SHELL))} in its path."
        )
