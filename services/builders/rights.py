"""What each service may do at the broker: its own queues, and the exchanges it speaks to.

A service's queues and inboxes begin with its name. Who binds a queue must be allowed to write to it
and to read the exchange. Both shapes that have a broker take this table: the one on one machine as
it is, the one in containers as the broker's definitions. See: docs/operations.md.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from services.builders.catalog import KEEPING
from services.nodes.rabbitmq.accounts import Accounts, Rights

VHOST: Final = "hubbub"
PREFIX: Final = "hubbub_"

DEAD_LETTERS: Final = r"chat\.dead"


def _rights(service: str, *, tells: Iterable[str], hears: Iterable[str], buries: bool) -> Rights:
    own = rf"{service}\..*"
    dead = [DEAD_LETTERS] if buries else []
    return Rights(
        configure="|".join([own, *dead]),
        write="|".join([own, *(rf"chat\.{one}" for one in tells), *dead]),
        read="|".join([own, *(rf"chat\.{one}" for one in hears), *dead]),
    )


RIGHTS: Final[Mapping[str, Rights]] = {
    "auth": _rights("auth", tells=["facts"], hears=["facts", "reply"], buries=False),
    "rooms": _rights("rooms", tells=["cmd", "facts"], hears=["facts", "reply"], buries=True),
    "messages": _rights(
        "messages",
        tells=["cmd", "events", "reply"],
        hears=["cmd", "facts", "reply"],
        buries=True,
    ),
    "presence": _rights(
        "presence",
        tells=["cmd", "events", "reply"],
        hears=["cmd", "facts", "reply"],
        buries=True,
    ),
    "gateway": _rights(
        "gateway",
        tells=["cmd", "events"],
        hears=["events", "facts", "reply"],
        buries=False,
    ),
}


def user_of(service: str) -> str:
    """Return as whom a service comes to the broker."""
    return f"{PREFIX}{service}"


OWNER: Final = user_of("owner")
"""Who makes exchanges and the queues that stay, before the first service starts; it cannot speak
to the services.
"""

_QUEUES: Final = rf"({'|'.join(KEEPING)})\..*"
_OURS: Final = rf"{_QUEUES}|chat\..*"

USERS: Final[Mapping[str, Rights]] = {
    OWNER: Rights(configure=_OURS, write=rf"{_QUEUES}|{DEAD_LETTERS}", read=_OURS),
    **{user_of(service): rights for service, rights in RIGHTS.items()},
}
"""Everybody who comes to the broker of an installation."""


def accounts() -> Accounts:
    """Return the broker's users, with the rights that they need."""
    return Accounts([VHOST], {user: {VHOST: rights} for user, rights in USERS.items()})
