"""The definitions that the broker of the containers reads at every start.

One vhost, the exchanges, and the users with the rights of `services.builders.rights`. The queues
are made by `python -m services queues`: how many there are depends on a setting of the services.
There is no administrator: who may run `rabbitmqctl` in the broker's container needs none. Passwords
stand there as salted hashes.

See: https://www.rabbitmq.com/docs/definitions, https://www.rabbitmq.com/docs/passwords
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from libs.common.bus.topology import EXCHANGES
from services.builders.rights import USERS, VHOST

HASHING: Final = "rabbit_password_hashing_sha256"
SALT_BYTES: Final = 4


def definitions(passwords: Mapping[str, str], *, salts: Mapping[str, bytes]) -> str:
    """Return the file; `passwords` and `salts`, four bytes each, are by the names of the users."""
    return json.dumps(
        {
            "vhosts": [{"name": VHOST}],
            "users": [
                {
                    "name": user,
                    "password_hash": hashed(passwords[user], salt=salts[user]),
                    "hashing_algorithm": HASHING,
                    "tags": [],
                }
                for user in USERS
            ],
            "permissions": [
                {"user": user, "vhost": VHOST, **rights.expressions()}
                for user, rights in USERS.items()
            ],
            "exchanges": [
                {
                    "name": exchange.name,
                    "vhost": VHOST,
                    "type": exchange.kind.value,
                    "durable": True,
                    "auto_delete": False,
                    "internal": False,
                    "arguments": {},
                }
                for exchange in EXCHANGES
            ],
        },
        indent=2,
    )


def hashed(password: str, *, salt: bytes) -> str:
    """Return a password as the broker keeps it."""
    return b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
