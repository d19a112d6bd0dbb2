"""Who may do what in the broker: written down whole, and taken over by every start.

    vhost    a world of its own: queues and exchanges of one never meet those of another
    user     a name and a password, with rights in some vhosts
    rights   three regular expressions: what may be made, written to and read, by name

See: https://www.rabbitmq.com/docs/access-control
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

OWNER: Final = "hubbub"
"""The user who may do everything everywhere; Hubbub's services get users of their own."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Which queues and exchanges a user may make, write to and read: by regular expressions.

    The empty expression fits no name, so `Rights()` are none.
    """

    configure: str = ""
    write: str = ""
    read: str = ""

    def expressions(self) -> dict[str, str]:
        """Return them as the broker takes them, each bound to the whole name."""
        return {
            "configure": _whole(self.configure),
            "write": _whole(self.write),
            "read": _whole(self.read),
        }


EVERYTHING: Final = Rights(".*", ".*", ".*")


@dataclass(frozen=True, slots=True)
class Accounts:
    """The vhosts of a broker, and its users: for each its rights by vhost."""

    vhosts: Sequence[str]
    users: Mapping[str, Mapping[str, Rights]]

    def definitions(self, password: Callable[[str], str]) -> str:
        """Return the file in which the broker reads this; `password` knows each user's.

        The file holds the passwords. What an earlier start made and this does not name is kept.
        """
        everywhere = dict.fromkeys(self.vhosts, EVERYTHING)
        rights = {OWNER: everywhere, **self.users}
        return json.dumps(
            {
                "vhosts": [{"name": vhost} for vhost in self.vhosts],
                "users": [
                    {"name": user, "password": password(user), "tags": _tags(user)}
                    for user in rights
                ],
                "permissions": [
                    {"user": user, "vhost": vhost, **right.expressions()}
                    for user, by_vhost in rights.items()
                    for vhost, right in by_vhost.items()
                ],
            }
        )


def _tags(user: str) -> list[str]:
    return ["administrator"] if user == OWNER else []


def _whole(expression: str) -> str:
    """Bind an expression to the whole name: the broker looks for it anywhere in a name."""
    return f"^({expression})$" if expression else "^$"
