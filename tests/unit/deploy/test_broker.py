"""The broker's definitions say what the table of rights says."""

import json
from typing import Any

import pytest

from libs.common.bus.topology import EXCHANGES
from services.builders.catalog import SERVICES
from services.builders.rights import OWNER, RIGHTS, USERS, VHOST, user_of
from services.deployment.broker import HASHING, definitions, hashed

PASSWORDS = {user: f"the password of {user}" for user in USERS}
SALTS = dict.fromkeys(USERS, b"salt")


@pytest.fixture
def defined() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(definitions(PASSWORDS, salts=SALTS))
    return loaded


def test_the_rights_are_those_of_the_table(defined: dict[str, Any]) -> None:
    assert defined["permissions"] == [
        {"user": user, "vhost": VHOST, **rights.expressions()} for user, rights in USERS.items()
    ]


def test_there_is_one_vhost_with_a_user_for_each_service_and_an_owner(
    defined: dict[str, Any],
) -> None:
    assert defined["vhosts"] == [{"name": VHOST}]
    assert [user["name"] for user in defined["users"]] == [OWNER, *map(user_of, RIGHTS)]
    assert set(RIGHTS) == set(SERVICES)


def test_nobody_is_an_administrator(defined: dict[str, Any]) -> None:
    assert {tuple(user["tags"]) for user in defined["users"]} == {()}


def test_all_exchanges_are_made(defined: dict[str, Any]) -> None:
    assert {(one["name"], one["type"], one["durable"]) for one in defined["exchanges"]} == {
        (exchange.name, exchange.kind.value, True) for exchange in EXCHANGES
    }


def test_no_password_can_be_read(defined: dict[str, Any]) -> None:
    assert "the password of" not in json.dumps(defined)
    assert {user["hashing_algorithm"] for user in defined["users"]} == {HASHING}


def test_a_password_is_hashed_as_the_broker_documents_it() -> None:
    salt = bytes.fromhex("908DC60A")

    assert hashed("test12", salt=salt) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
